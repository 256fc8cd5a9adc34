// What bench/without.mjs leaves out of the code that `js` generates: for each workload a row of edits, each made on top of those before it.
// None of them is right in general, but that loops have no fast forms. On its workload each gives the same answer, and what it saves is what the piece that it leaves out costs.

const REPLACED = {
  /** `r !== null && r.shape === s ? r.first[k] : …`, a field. */
  fields: [
    /(v\d+) !== null && \1\.shape === s\d+ \? \1\.first\[(\d+)\] : \(p = \d+, k\d+\.get\(\1\)\)/g,
    '$1.first[$2]',
  ],
  /** `typeof a === "number" && typeof b === "number" ? a + b : …`, arithmetic on fields and items. */
  numbers: [
    /(?:typeof v\d+ === "number" && )?typeof v\d+ === "number" \? (v?[\d.]+ [-+*<>/] v?[\d.]+) : \(p = \d+, \w+\([^()]*\)\)/g,
    '$1',
  ],
  /** `new RecordValue(s, […, x, …])` of a copy of v, as stores into v; the flag and the store that stand before it go as well. */
  copies: [
    /= (?:v\d+ && v\d+ !== null && v\d+\.shape === s\d+ \? [^?\n]*? : )?(v\d+) !== null && \1\.shape === (s\d+) \? \((i\d+) = \1\.first, new RecordValue\(\2, \[([^\]]*(?:\[\d+\][^\]]*)*)\]\)\) : .*;/g,
    (_, record, __, values, fields) => `= (${values} = ${record}.first, ${storesOf(values, fields)}, ${record});`,
  ],
  /** A store into a list that is owned. */
  stores: [
    /= \(i\d+ = [^?\n]*?(v\d+) !== null && \(i\d+ = \1\.items\) !== undefined && [^?\n]*\? \((i\d+)\[(v\d+)\] = ([^,\n]+), \1\) : .*setItemOwned.*;/g,
    '= ($2 = $1.items, $2[$3] = $4, $1);',
  ],
  /** The fast form of a loop: it breaks off at once. */
  fastForms: [/^( *F(\d+): for \(;;\) \{)$/gm, '$1 break F$2;'],
  /** The same, where what is stored is there already. */
  noStores: [/= \((i\d+) = (v\d+)\.items, \1\[v\d+\] = [^,]+, \2\);/g, '= $2;'],
};

function storesOf(values, fields) {
  const changed = fields.split(', ').map((value, index) => [index, value]);
  const kept = ([index, value]) => value === `${values}[${index}]`;
  return changed
    .filter(each => !kept(each))
    .map(([index, value]) => `${values}[${index}] = ${value}`)
    .join(', ');
}

const LOOKS = { what: 'no look at the shape of a record and the type of a field', of: ['fields', 'numbers'] };
const OWNED = { what: 'no look at who owns a list, and where it ends, before a store', of: ['stores'] };
const ONCE = { what: 'no fast forms of loops', of: ['fastForms'] };

export const EDITS = {
  'n-body': [
    LOOKS,
    { what: '`with` changes the record that it is given', of: ['copies'] },
    OWNED,
    { what: 'no store of a body into the list', of: ['noStores'] },
  ],
  sieve: [ONCE],
  matrix: [ONCE],
  fannkuch: [ONCE],
};

/** The generated source with the first `count` edits of a workload. */
export function edited(source, workload, count) {
  let text = source;
  for (const { what, of } of EDITS[workload].slice(0, count)) {
    for (const name of of) {
      const before = text;
      text = text.replace(...REPLACED[name]);
      if (text === before) throw new Error(`${workload}: nothing to leave out for "${what}" (${name})`);
    }
  }
  return text;
}
