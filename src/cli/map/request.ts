// The command line of `ilo map`, taken apart.
import { type Options, type Parsed, parseSimple } from '../arguments.ts';
import { FORMATS, type Format } from './reader.ts';

export interface MapRequest {
  readonly source: string;
  readonly name: string | undefined;
  /** `-` is standard input. */
  readonly inputs: readonly string[];
  readonly from: Format;
  /** Undefined: standard output. */
  readonly output: string | undefined;
  readonly to: Format;
  readonly hasHeader: boolean;
  readonly keep: boolean;
  readonly options: Options;
}

const USAGE = 'ilo map FILE|CODE FUNCTION [--in FILE…] [--out FILE]';

export function parseMap(args: readonly string[]): Parsed<MapRequest> {
  const inputs: string[] = [];
  const others: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === '--') {
      others.push(...args.slice(at));
      break;
    }
    if (arg === '--in' || arg.startsWith('--in=')) {
      const path = arg === '--in' ? args[++at] : arg.slice('--in='.length);
      if (path === undefined || path === '') return { problem: '--in needs a file after it' };
      inputs.push(path);
    } else others.push(arg);
  }
  const parsed = parseSimple(others, ['--no-header', '--keep'], ['--out', '--from', '--to']);
  if ('problem' in parsed) return parsed;
  const { operands, flags, values, options } = parsed.ok;
  const [source, name, extra] = operands;
  if (source === undefined) return { problem: 'there is no program', advice: USAGE };
  if (extra !== undefined) return { problem: `'${extra}' is one word too many`, advice: USAGE };
  if (inputs.length === 0) inputs.push('-');
  const output = values.get('--out');
  const from = formatOf(values.get('--from'), inputs[0]!, 'csv');
  const to = formatOf(values.get('--to'), output, from ?? 'csv');
  if (from === undefined || to === undefined) {
    return {
      problem: `the formats are ${FORMATS.join(', ')}`,
      advice: 'Say which with --from and --to, or by the ends of the names.',
    };
  }
  if (inputs.length > 1 && from !== 'f64') return { problem: 'only raw numbers may come from several files' };
  const keep = flags.has('--keep');
  const isText = (format: Format): boolean => format === 'csv' || format === 'tsv';
  if (keep && (from !== to || !isText(from))) return { problem: '--keep goes from csv to csv, or from tsv to tsv' };
  const hasHeader = !flags.has('--no-header');
  return {
    ok: { source, name, inputs, from, output: output === '-' ? undefined : output, to, hasHeader, keep, options },
  };
}

/** What a flag says, or the end of a name, or else `otherwise`; undefined for a format that nobody knows. */
function formatOf(given: string | undefined, path: string | undefined, otherwise: Format): Format | undefined {
  const end =
    given ?? (path === undefined || path === '-' ? undefined : /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase());
  if (end === undefined) return otherwise;
  const wanted = end === 'ndjson' ? 'jsonl' : end;
  return FORMATS.find(format => format === wanted);
}
