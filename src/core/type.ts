// Types, as the verifier computes them and as later engines read them. One union for all languages.

export type Type =
  | { readonly kind: 'num' }
  | { readonly kind: 'text' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'nil' }
  /** Unknown: compatible with everything, checked at run time. Written `_` (or a type variable). */
  | { readonly kind: 'any' }
  | { readonly kind: 'optional'; readonly of: Type }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'result'; readonly ok: Type; readonly err: Type }
  | { readonly kind: 'sum'; readonly variants: readonly string[] }
  | { readonly kind: 'fn'; readonly params: readonly Type[]; readonly result: Type }
  /** A record type, an alias or (one lowercase letter, in source only) a type variable. */
  | { readonly kind: 'named'; readonly name: string };

export const NUM: Type = { kind: 'num' };
export const TEXT: Type = { kind: 'text' };
export const BOOL: Type = { kind: 'bool' };
export const NIL: Type = { kind: 'nil' };
export const ANY: Type = { kind: 'any' };
export const listOf = (of: Type): Type => ({ kind: 'list', of });
export const optionalOf = (of: Type): Type => ({ kind: 'optional', of });
export const mapOf = (key: Type, value: Type): Type => ({ kind: 'map', key, value });
export const resultOf = (ok: Type, err: Type): Type => ({ kind: 'result', ok, err });
export const fnOf = (params: readonly Type[], result: Type): Type => ({ kind: 'fn', params, result });
export const named = (name: string): Type => ({ kind: 'named', name });

/** The type in ilo's own notation: `R (L n) t` is written `R L n t`. Nil and unknown are both `_`. */
export function showType(type: Type): string {
  switch (type.kind) {
    case 'num':
      return 'n';
    case 'text':
      return 't';
    case 'bool':
      return 'b';
    case 'nil':
    case 'any':
      return '_';
    case 'optional':
      return `O ${showType(type.of)}`;
    case 'list':
      return `L ${showType(type.of)}`;
    case 'map':
      return `M ${showType(type.key)} ${showType(type.value)}`;
    case 'result':
      return `R ${showType(type.ok)} ${showType(type.err)}`;
    case 'sum':
      return ['S', ...type.variants].join(' ');
    case 'fn':
      return ['F', ...type.params.map(showType), showType(type.result)].join(' ');
    case 'named':
      return type.name;
  }
}
