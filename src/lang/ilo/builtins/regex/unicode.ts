// What Unicode says about characters, as sets of code points: properties by their loosely matched names, the classes behind
// `\d \s \w`, and simple case folding. The data is V8's own: a property is asked of every code point once and kept.
//
// Sets are computed within a universe. Most texts are ASCII, and for those the universe is ASCII and the two characters
// beyond it that fold into it (U+017F to s, U+212A to k); then no table of all Unicode is ever built.
import { trimStart } from '../white-space.ts';
import { contains, countCodePoints, intersect, normalize, pairsOf, type Ranges, subtract, union } from './ranges.ts';

/** A property that V8 knows, as the inside of `\p{…}`. */
export type PropertySource = string;

export interface Universe {
  readonly all: Ranges;
  readonly property: (source: PropertySource) => Ranges;
  /** The set and everything that differs from one of its characters only in case. */
  readonly fold: (set: Ranges) => Ranges;
}

const LONG_S = 0x17f;
const KELVIN = 0x212a;
export const ASCII_LIMIT = 0x80;

/** Word characters: what `\w` matches and word boundaries look at. */
export const WORD_SOURCES: readonly PropertySource[] = ['Alphabetic', 'M', 'Nd', 'Pc', 'Join_Control'];

// --- names ---

const CATEGORIES =
  'Letter Cased_Letter Uppercase_Letter Lowercase_Letter Titlecase_Letter Modifier_Letter Other_Letter Mark Nonspacing_Mark ' +
  'Spacing_Mark Enclosing_Mark Number Decimal_Number Letter_Number Other_Number Punctuation Connector_Punctuation ' +
  'Dash_Punctuation Open_Punctuation Close_Punctuation Initial_Punctuation Final_Punctuation Other_Punctuation Symbol ' +
  'Math_Symbol Currency_Symbol Modifier_Symbol Other_Symbol Separator Space_Separator Line_Separator Paragraph_Separator ' +
  'Other Control Format Surrogate Private_Use Unassigned L LC Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S ' +
  'Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn digit punct cntrl Combining_Mark Any Assigned ASCII';

const BINARY_PROPERTIES =
  'ASCII_Hex_Digit AHex Alphabetic Alpha Bidi_Control Bidi_C Bidi_Mirrored Bidi_M Case_Ignorable CI Cased ' +
  'Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM Changes_When_Lowercased CWL Changes_When_NFKC_Casefolded CWKCF ' +
  'Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia ' +
  'Emoji Emoji_Component EComp Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation EPres Extended_Pictographic ' +
  'ExtPict Extender Ext Grapheme_Base Gr_Base Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB ' +
  'IDS_Trinary_Operator IDST ID_Continue IDC ID_Start IDS Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE ' +
  'Lowercase Lower Math Noncharacter_Code_Point NChar Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Quotation_Mark QMark ' +
  'Radical Regional_Indicator RI Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo ' +
  'Uppercase Upper Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS';

/** Scripts whose names are more than one word; the others are a word, or a code of four letters, with a capital. */
const SCRIPTS =
  'Canadian_Aboriginal Caucasian_Albanian Cypro_Minoan Egyptian_Hieroglyphs Gunjala_Gondi Gurung_Khema Hanifi_Rohingya ' +
  'Imperial_Aramaic Inscriptional_Pahlavi Inscriptional_Parthian Khitan_Small_Script Kirat_Rai Linear_A Linear_B ' +
  'Masaram_Gondi Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Nag_Mundari New_Tai_Lue ' +
  'Nyiakeng_Puachue_Hmong Ol_Chiki Ol_Onal Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian ' +
  'Old_South_Arabian Old_Turkic Old_Uyghur Pahawh_Hmong Pau_Cin_Hau Phags_Pa Psalter_Pahlavi SignWriting Sora_Sompeng ' +
  'Syloti_Nagri Tai_Le Tai_Tham Tai_Viet Tulu_Tigalari Warang_Citi Zanabazar_Square';

/** Loose matching (UAX 44, LM3): case, white space, `-`, `_` and a leading `is` do not count. */
function looseName(name: string): string {
  const plain = name.toLowerCase().replace(/[\s_-]/g, '');
  return plain.startsWith('is') && plain.length > 2 && plain !== 'isc' ? plain.slice(2) : plain;
}

const index = (names: string): ReadonlyMap<string, string> =>
  new Map(names.split(' ').map(name => [looseName(name), name]));

let indexes: Readonly<Record<'category' | 'binary' | 'script', ReadonlyMap<string, string>>> | undefined;

function nameIndexes(): NonNullable<typeof indexes> {
  indexes ??= { category: index(CATEGORIES), binary: index(BINARY_PROPERTIES), script: index(SCRIPTS) };
  return indexes;
}

function known(source: string): PropertySource | undefined {
  try {
    new RegExp(`\\p{${source}}`, 'u');
    return source;
  } catch {
    return undefined;
  }
}

function scriptSource(property: 'Script' | 'Script_Extensions', name: string): PropertySource | undefined {
  const loose = looseName(name);
  const script = nameIndexes().script.get(loose) ?? loose.charAt(0).toUpperCase() + loose.slice(1);
  return /^[A-Za-z_]+$/.test(script) ? known(`${property}=${script}`) : undefined;
}

/** The property with a name such as `Greek`, `L`, `letter` or `white space`; undefined when there is none. */
export function propertyNamed(name: string): PropertySource | undefined {
  const { binary, category } = nameIndexes();
  const loose = looseName(name);
  const found = binary.get(loose) ?? category.get(loose);
  return found === undefined ? scriptSource('Script', name) : known(found);
}

/** The property written `name=value`; undefined when there is none. */
export function propertyWithValue(name: string, value: string): PropertySource | undefined {
  switch (looseName(name)) {
    case 'generalcategory':
    case 'gc': {
      const category = nameIndexes().category.get(looseName(value));
      return category === undefined ? undefined : known(category);
    }
    case 'script':
    case 'sc':
      return scriptSource('Script', value);
    case 'scriptextensions':
    case 'scx':
      return scriptSource('Script_Extensions', value);
    default:
      return undefined;
  }
}

/** The classes written `[:name:]`, each as pairs of characters: from, to. */
const ASCII_CLASS_PAIRS: readonly (readonly [name: string, pairs: string])[] = [
  ['alnum', '09AZaz'],
  ['alpha', 'AZaz'],
  ['ascii', '\0\x7f'],
  ['blank', '\t\t  '],
  ['cntrl', '\0\x1f\x7f\x7f'],
  ['digit', '09'],
  ['graph', '!~'],
  ['lower', 'az'],
  ['print', ' ~'],
  ['punct', '!/:@[`{~'],
  ['space', '\t\r  '],
  ['upper', 'AZ'],
  ['word', '09AZ__az'],
  ['xdigit', '09AFaf'],
];

export const ASCII_CLASSES: ReadonlyMap<string, Ranges> = new Map(
  ASCII_CLASS_PAIRS.map(([name, pairs]) => [name, Array.from(pairs, character => character.charCodeAt(0))]),
);

// --- all of Unicode ---

/** Every scalar value. */
const SCALARS: Ranges = [0, 0xd7ff, 0xe000, 0x10ffff];

/**
 * Long stretches that no property tells apart (ideographs, syllables, private use, nothing assigned), by their insides: one
 * character of each is asked for all. Asking each code point would take ten times as long.
 */
const UNIFORM: Ranges = [
  ...[
    0x3500, 0x4d00, 0x4f00, 0x9f00, 0xad00, 0xd600, 0xe100, 0xf800, 0x17100, 0x18700, 0x20100, 0x2a600, 0x2a800,
    0x2b700,
  ],
  ...[0x30100, 0x31300, 0x31400, 0x32300, 0x40000, 0x4fffd, 0x50000, 0x5fffd, 0x60000, 0x6fffd, 0x70000, 0x7fffd],
  ...[0x80000, 0x8fffd, 0x90000, 0x9fffd, 0xa0000, 0xafffd, 0xb0000, 0xbfffd, 0xc0000, 0xcfffd, 0xd0000, 0xdfffd],
  ...[0x19000, 0x1afef, 0x1fc00, 0x1fffd, 0x33500, 0x3fffd, 0xe1000, 0xefffd],
  ...[0xf0010, 0xfff00, 0x100010, 0x10ff00],
];

/** The code points that are asked, as one text, and what each stretch of it stands for. */
interface Sample {
  readonly text: string;
  readonly codePoints: readonly number[];
}

let sample: Sample | undefined;

function makeSample(): Sample {
  const asked = union([subtract(SCALARS, UNIFORM), normalize(pairsOf(UNIFORM).map(([low]) => [low, low]))]);
  const codePoints: number[] = [];
  for (const [low, high] of pairsOf(asked)) for (let c = low; c <= high; c++) codePoints.push(c);
  let text = '';
  for (let at = 0; at < codePoints.length; at += 4096) text += String.fromCodePoint(...codePoints.slice(at, at + 4096));
  return { text, codePoints };
}

function askAll(source: PropertySource): Ranges {
  sample ??= makeSample();
  const { text, codePoints } = sample;
  const pairs: [number, number][] = [];
  const pattern = new RegExp(`\\p{${source}}+`, 'gu');
  let units = 0;
  let position = 0;
  const advance = (to: number): number => {
    while (units < to) units += codePoints[position++]! > 0xffff ? 2 : 1;
    return position;
  };
  for (const match of text.matchAll(pattern)) {
    const from = advance(match.index);
    const to = advance(match.index + match[0].length);
    for (let i = from; i < to; i++) pairs.push([codePoints[i]!, codePoints[i]!]);
  }
  const found = normalize(pairs);
  return union([found, normalize(pairsOf(UNIFORM).filter(([low]) => contains(found, low)))]);
}

const properties = new Map<PropertySource, Ranges>();

function fullProperty(source: PropertySource): Ranges {
  let ranges = properties.get(source);
  if (ranges === undefined) {
    ranges = askAll(source);
    properties.set(source, ranges);
  }
  return ranges;
}

// --- case folding ---

/** Pairs that Unicode folds together although neither is the other's upper or lower case. */
const FOLD_PAIRS: readonly (readonly [number, number])[] = [
  [0x390, 0x1fd3],
  [0x3b0, 0x1fe3],
  [0xfb05, 0xfb06],
];
const DOTLESS_I = 0x131;

/**
 * A key that code points share exactly when simple case folding makes them the same: the lower case of the upper case, where
 * both are single characters.
 */
function foldKey(codePoint: number): number {
  for (const [first, second] of FOLD_PAIRS) if (codePoint === second) return first;
  if (codePoint === DOTLESS_I) return codePoint;
  const single = (text: string, otherwise: number): number => {
    const first = text.codePointAt(0)!;
    return text.length === (first > 0xffff ? 2 : 1) ? first : otherwise;
  };
  const upper = single(String.fromCodePoint(codePoint).toUpperCase(), codePoint);
  return single(String.fromCodePoint(upper).toLowerCase(), upper);
}

/** For each code point that is not alone, all those it folds with. */
let orbits: ReadonlyMap<number, readonly number[]> | undefined;

function foldOrbits(): ReadonlyMap<number, readonly number[]> {
  if (orbits !== undefined) return orbits;
  const byKey = new Map<number, number[]>();
  for (const [low, high] of pairsOf(
    union([
      fullProperty('Changes_When_Casemapped'),
      normalize(
        FOLD_PAIRS.flatMap(([a, b]) => [
          [a, a],
          [b, b],
        ]),
      ),
    ]),
  )) {
    for (let c = low; c <= high; c++) {
      const key = foldKey(c);
      const members = byKey.get(key);
      if (members === undefined) byKey.set(key, [c]);
      else members.push(c);
    }
  }
  const result = new Map<number, readonly number[]>();
  for (const members of byKey.values())
    if (members.length > 1) for (const member of members) result.set(member, members);
  orbits = result;
  return result;
}

export const UNICODE: Universe = {
  all: SCALARS,
  property: fullProperty,
  fold: set => {
    const added: [number, number][] = [];
    const addOrbit = (members: readonly number[]) => {
      for (const member of members) added.push([member, member]);
    };
    const folding = foldOrbits();
    // Whichever is less to look at: the set, or everything that folds.
    if (countCodePoints(set) < folding.size) {
      for (const [low, high] of pairsOf(set)) for (let c = low; c <= high; c++) addOrbit(folding.get(c) ?? []);
    } else {
      for (const [codePoint, members] of folding) if (contains(set, codePoint)) addOrbit(members);
    }
    return added.length === 0 ? set : union([set, normalize(added)]);
  },
};

// --- ASCII ---

const ASCII_ALL: Ranges = [0, ASCII_LIMIT - 1, LONG_S, LONG_S, KELVIN, KELVIN];

const asciiProperties = new Map<PropertySource, Ranges>();

/** Upper and lower case of ASCII letters; not the two characters beyond that Unicode folds into them. */
export function foldAscii(set: Ranges): Ranges {
  const lower = intersect(set, [0x61, 0x7a]).map(c => c - 0x20);
  const upper = intersect(set, [0x41, 0x5a]).map(c => c + 0x20);
  return union([set, lower, upper]);
}

export const ASCII: Universe = {
  all: ASCII_ALL,
  property: source => {
    let ranges = asciiProperties.get(source);
    if (ranges === undefined) {
      const pattern = new RegExp(`^\\p{${source}}`, 'u');
      const members: [number, number][] = [];
      for (const [low, high] of pairsOf(ASCII_ALL)) {
        for (let c = low; c <= high; c++) if (pattern.test(String.fromCodePoint(c))) members.push([c, c]);
      }
      ranges = normalize(members);
      asciiProperties.set(source, ranges);
    }
    return ranges;
  },
  fold: set => {
    const strange: number[] = [];
    if (contains(set, LONG_S)) strange.push(0x73, 0x73);
    if (contains(set, KELVIN)) strange.push(0x6b, 0x6b);
    const folded = foldAscii(union([set, normalize(pairsOf(strange))]));
    const added: [number, number][] = [];
    if (contains(folded, 0x73)) added.push([LONG_S, LONG_S]);
    if (contains(folded, 0x6b)) added.push([KELVIN, KELVIN]);
    return union([folded, normalize(added)]);
  },
};

export function isAscii(text: string): boolean {
  // A character beyond ASCII, looked for by V8's own scanner.
  return !/[^\x00-\x7f]/.test(text);
}

/** Whether a character may stand in the name of a group: letters, digits, `_`, and from the second on `.`, `[`, `]`. */
export function isNameCharacter(character: string, first: boolean): boolean {
  if (first) return /^[_\p{Alphabetic}]$/u.test(character);
  return /^[_.[\]\p{Alphabetic}\p{Nd}\p{Nl}\p{No}]$/u.test(character);
}

/** Whether a character counts as white space in a pattern with `(?x)`. */
export function isPatternSpace(character: string): boolean {
  return trimStart(character) === '';
}
