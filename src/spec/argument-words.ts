// How messages name the arguments of builtins where "arg 2 expects n" would say less than there is to say. Tools look for these words,
// so they stay as they are. A builtin, or an argument of one, that is not here is named by its position.

const LIST_OR_TEXT = 'expects a list or text';
const FUNCTION = 'first arg must be a function (F ...)';
const KEY = 'key arg must be a function (F ...)';
const NUMBERS = 'expects a list of numbers';
const MATRIX = 'expects L (L n)';
const PATH = 'expects t (path)';
const FORMAT = 'format arg expects t ("csv", "json", "raw", ...)';
const HEADERS = 'headers arg expects M t t';
const PAD = 'arg 3 (pad char) expects t';

/** By builtin, then by position: what follows the name of the builtin in the message. */
export const ARGUMENT_WORDS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  at: [LIST_OR_TEXT, 'index must be n'],
  chunks: [undefined, 'expects a list'],
  ct: [FUNCTION],
  det: [MATRIX],
  dot: ['arg 1 must be L n', 'arg 2 must be L n'],
  drop: ['count must be n', LIST_OR_TEXT],
  dtfmt: ['first arg must be n (unix epoch)', 'second arg must be t (format)'],
  dtparse: ['first arg must be t', 'second arg must be t (format)'],
  fft: [NUMBERS],
  flatmap: [FUNCTION],
  fld: [FUNCTION],
  flt: [FUNCTION],
  fmt: ['first arg must be a text template'],
  get: ['expects t (url)', HEADERS],
  'get-many': ['expects L t (list of urls)'],
  grp: [FUNCTION],
  ifft: ['expects a list of [real, imag] pairs'],
  inv: [MATRIX],
  lst: ['expects a list', 'index must be n'],
  map: [FUNCTION],
  mapr: [FUNCTION],
  matmul: ['arg 1 must be L (L n)', 'arg 2 must be L (L n)'],
  median: [NUMBERS],
  mhas: ['expects a map'],
  padl: [undefined, undefined, PAD],
  padr: [undefined, undefined, PAD],
  partition: [FUNCTION],
  post: ['expects t (url)', 'expects t (body)', HEADERS],
  quantile: ['first arg must be a list', 'second arg p must be n'],
  rd: ['expects t (path/string)', FORMAT],
  rdb: ['expects t (path/string)', FORMAT],
  rdjl: [PATH],
  rdl: [PATH],
  rsrt: [KEY],
  sleep: ['expects ms:n'],
  slc: [LIST_OR_TEXT],
  solve: ['first arg expects L (L n)', 'second arg expects L n'],
  srt: [KEY],
  stdev: [NUMBERS],
  take: ['count must be n', LIST_OR_TEXT],
  transpose: [MATRIX],
  uniqby: [FUNCTION],
  variance: [NUMBERS],
  wr: ['arg 1 expects t (path)', 'arg 2 expects t (content)', 'arg 3 (format) expects t'],
  wrl: ['arg 1 expects t (path)'],
};
