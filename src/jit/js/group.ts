// What the functions of one source share: helpers, builtins, constants and caches, each declared once at its top.
import type { HelperName } from './helpers.ts';
import { textLiteral } from './literals.ts';

export class Group {
  readonly constants: unknown[] = [];
  readonly externals = new Set<number>();
  /** Functions of the program that call no other one, by index, and how many calls may lie around them. */
  readonly leaves = new Map<number, number>();
  private readonly helpers = new Set<HelperName>();
  private readonly builtins = new Map<string, string>();
  private readonly sites: string[] = [];

  readonly helper = (name: HelperName): string => {
    this.helpers.add(name);
    return name;
  };

  readonly builtin = (name: string): string => {
    const known = this.builtins.get(name);
    if (known !== undefined) return known;
    const made = `b${this.builtins.size}`;
    this.builtins.set(name, made);
    return made;
  };

  readonly site = (field: string): string => {
    this.sites.push(field);
    return `k${this.sites.length - 1}`;
  };

  readonly constant = (value: unknown): string => {
    const known = this.constants.indexOf(value, Math.max(0, this.constants.length - 16));
    if (known >= 0) return `s${known}`;
    this.constants.push(value);
    return `s${this.constants.length - 1}`;
  };

  declarations(): string[] {
    return [
      '"use strict";',
      'const S = X.state;',
      'const T = X.table;',
      'const M = X.meter;',
      ...[...this.helpers].map(name => `const ${name} = X.${name};`),
      ...[...this.builtins].map(([name, as]) => `const ${as} = X.builtin(${textLiteral(name)});`),
      ...this.constants.map((_, i) => `const s${i} = C[${i}];`),
      ...this.sites.map((field, i) => `const k${i} = X.site(${textLiteral(field)});`),
    ];
  }
}
