// What the IR believes of builtins is what their signatures say.
import { describe, expect, test } from 'vitest';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { kindOfBuiltin } from '../../src/spec/builtin-kinds.ts';

const KIND_OF_TYPE: Readonly<Record<string, string>> = { n: 'num', b: 'bool', t: 'text', L: 'list' };

describe('the kind of what a builtin gives', () => {
  test.each([...BUILTINS.names()])('%s', name => {
    const claimed = kindOfBuiltin(name);
    if (claimed === undefined) return;
    for (const signature of BUILTINS.get(name)!.signatures) {
      const result = signature.slice(signature.lastIndexOf('>') + 1).trim();
      expect(KIND_OF_TYPE[result.split(' ')[0]!], signature).toBe(claimed);
    }
  });
});
