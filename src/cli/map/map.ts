// `ilo map`: a function once a row of a file. Rows are read, computed and written some thousands at a time, so that a file may be larger
// than memory. Numbers and truth values are computed as whole columns (runtime/columns.ts), everything else one call a row.
import { Fault } from '../../core/fault.ts';
import { hasLimits } from '../../core/meter.ts';
import { Err, Ok } from '../../core/value/result.ts';
import { showValue } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import { diagnose } from '../../diag/diagnostic.ts';
import { faultDiagnostic } from '../../diag/fault.ts';
import type { SourceLookup } from '../../diag/source.ts';
import type { FunctionDecl } from '../../lang/ilo/ast.ts';
import { explainColumns, fitsColumns, mapColumns } from '../../runtime/columns.ts';
import { DEFAULT_MAX_DEPTH, loadProgram, makeMachine } from '../../runtime/program.ts';
import { entryOf } from '../../vm/engine.ts';
import { openHost } from '../call.ts';
import { type Console, EXIT, refuse, report } from '../console.ts';
import { expandAliases, functionsOf } from '../entry.ts';
import { readImport, readSource, sourcesOf } from '../source.ts';
import { MapProblem } from './problem.ts';
import { progressOn } from './progress.ts';
import { type Chunk, openReader, type Reader } from './reader.ts';
import { type MapRequest, parseMap } from './request.ts';
import { Writer } from './writer.ts';

const CHUNK_ROWS = 1 << 16;

/** `ilo map FILE|CODE FUNCTION …`. */
export async function mapCommand(args: readonly string[], console: Console): Promise<number> {
  const parsed = parseMap(args);
  if ('problem' in parsed) return refuse(console, parsed.problem, parsed.advice);
  const request = parsed.ok;
  const { options } = request;
  const source = readSource(request.source, false);
  if ('diagnostic' in source) {
    await report([source.diagnostic], () => undefined, options, console);
    return EXIT.refused;
  }
  const { text, file } = source;
  const loaded = loadProgram(text, { readFile: readImport, entry: 'checked', ...(file === undefined ? {} : { file }) });
  const sources = sourcesOf(text, file, loaded.imported);
  await report(loaded.diagnostics, sources, options, console);
  const { unit, program } = loaded;
  if (unit === undefined) return EXIT.refused;
  const functions = functionsOf(program);
  const fn =
    request.name === undefined && functions.length === 1
      ? functions[0]
      : functions.find(({ name }) => name === request.name);
  if (fn === undefined) {
    const names = functions.map(({ name }) => name).join(', ');
    const problem =
      request.name === undefined ? 'say which function to call' : `there is no function '${request.name}'`;
    return refuse(console, problem, `There are: ${names}`);
  }
  if (fn.params.length === 0) return refuse(console, `${fn.name} has no parameters that columns could fill`);
  if (request.inputs.length > 1 && request.inputs.length !== fn.params.length) {
    return refuse(
      console,
      `${fn.name} takes ${fn.params.length} columns, and --in names ${request.inputs.length} files`,
    );
  }
  const callee = unit.byName.get(fn.name)!;
  const params = fn.params.map(param => ({ name: param.name, type: expandAliases(program, param.type) }));
  if (options.explainEngine) {
    const limited = hasLimits(options.limits);
    const how = fitsColumns(unit, callee)
      ? explainColumns(unit, callee, options.engine, limited)
      : `one row after the other on ${options.engine}, because it takes or gives more than numbers and truth values`;
    console.err.write(`engine: ${fn.name}: ${how}\n`);
  }
  const progress = progressOn(console);
  let reader: Reader | undefined;
  let writer: Writer | undefined;
  try {
    reader = openReader(request.from, request.inputs, params, request.hasHeader);
    const { to: format, hasHeader } = request;
    const keep = request.keep ? { header: reader.header } : undefined;
    writer = new Writer(request.output, { format, name: fn.name, hasHeader, keep }, console);
    const compute = makeComputer(request, fn, callee, unit, console);
    let rows = 0;
    for (let chunk = reader.next(CHUNK_ROWS); chunk !== undefined; chunk = reader.next(CHUNK_ROWS)) {
      writer.write(compute(chunk, rows), fn.result.kind === 'bool', chunk.texts);
      rows += chunk.rows;
      progress(rows, reader.progress());
    }
    writer.finish();
    writer = undefined;
    progress(undefined, undefined);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof MapProblem)) throw error;
    progress(undefined, undefined);
    console.out.flush();
    const { diagnostic, data } = error;
    const places: SourceLookup = data === undefined ? sources : () => data;
    await report([diagnostic], places, options, console);
    return error.ofProgram ? EXIT.failed : EXIT.refused;
  } finally {
    writer?.abandon();
    reader?.close();
  }
}

type Unit = NonNullable<ReturnType<typeof loadProgram>['unit']>;

/** A function that computes the results of some rows. It throws a MapProblem. */
function makeComputer(
  { options }: MapRequest,
  fn: FunctionDecl,
  callee: number,
  unit: Unit,
  console: Console,
): (chunk: Chunk, before: number) => readonly Value[] | Float64Array {
  const { engine, limits, maxDepth = DEFAULT_MAX_DEPTH } = options;
  const host = openHost(console);
  const { machine, meter } = makeMachine(unit, { host, engine, maxDepth, ...(limits && { limits }) });
  const entry = entryOf(machine, callee);
  const asColumns = fitsColumns(unit, callee);
  return (chunk, before) => {
    let row = 0;
    const place = (): string => {
      const text = chunk.texts?.[row];
      return `in row ${before + row + 1}${text === undefined ? '' : ` (line ${text.line})`} of the data`;
    };
    try {
      if (asColumns) {
        const out = new Float64Array(chunk.rows);
        const columns = chunk.columns.map(column =>
          column instanceof Float64Array ? column : Float64Array.from(column, Number),
        );
        const watch = (at: number): void => {
          row = at;
        };
        mapColumns({ unit, callee, engine, entry, meter, maxDepth, columns, out, watch });
        return out;
      }
      const results: Value[] = [];
      for (row = 0; row < chunk.rows; row++) {
        const value = entry(...chunk.columns.map(column => column[row]!));
        if (value instanceof Err) {
          const holes = { name: fn.name, row: before + row + 1, problem: showValue(value.value) };
          throw new MapProblem(diagnose('ILO-C008', 'failed', holes), undefined, true);
        }
        results.push(value instanceof Ok ? value.value : value);
      }
      return results;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const diagnostic = faultDiagnostic(error, error.file);
      throw new MapProblem({ ...diagnostic, notes: [...diagnostic.notes, place()] }, undefined, true);
    }
  };
}
