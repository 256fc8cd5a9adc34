// What can be wrong with the characters of a program.
import type { DiagnosticRow } from './row.ts';

export const LEX_ROWS = {
  'ILO-L001': {
    severity: 'error',
    title: 'unexpected character',
    texts: {
      character: "unexpected token '{found}'",
      foreignWord: "unexpected token '{found}'",
      unterminated: "unexpected token '\"': this text is never closed",
    },
    explanation:
      'A character stands here that ilo does not use outside of text, or a text begins and its closing quote is missing. ' +
      'Programs are ASCII apart from what stands between double quotes and in comments. Text has double quotes only; ' +
      'single quotes and backticks are not quotes here. `AND`, `OR` and `NOT` of other languages are `&`, `|` and `!`.',
    wrong: 'price p:n>n;* p #2',
    right: 'price p:n>n;* p 2\nmain>n;price 4',
  },
  'ILO-L002': {
    severity: 'error',
    title: 'underscore in a name',
    texts: { name: "unexpected token '{found}'" },
    explanation:
      'Words inside a name are joined with hyphens, not underscores: `row-count`, not `row_count`. Only a field behind a dot may ' +
      'have underscores (`r.row_count`), because the keys of JSON have them.',
    wrong: 'main>n;row_count=3;+row_count 1',
    right: 'main>n;row-count=3;+row-count 1',
  },
  'ILO-L003': {
    severity: 'error',
    title: 'capital letter in a name',
    texts: { name: "unexpected token '{found}'" },
    explanation:
      'Names are written in small letters; words inside them are joined with hyphens. The capitals `L R O M S F` alone are ' +
      'the type constructors. Only a field behind a dot may have capitals (`r.userId`), because the keys of JSON have them.',
    wrong: 'addTax p:n>n;*p 1.2\nmain>n;addTax 10',
    right: 'add-tax p:n>n;*p 1.2\nmain>n;add-tax 10',
  },
} as const satisfies Record<string, DiagnosticRow>;
