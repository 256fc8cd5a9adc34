// `ilo graph`: which function calls what, as JSON or as a drawing for Graphviz.
import { GRAPH_USAGE, parseGraphFlags, renderGraph } from '../lang/ilo/graph.ts';
import { loadProgram } from '../runtime/program.ts';
import { OptionReader } from './arguments.ts';
import { type Console, EXIT, refuse, report } from './console.ts';
import { readImport, readProgramFile, sourcesOf } from './source.ts';

/** `ilo graph FILE [--fn NAME] [--reverse] [--subgraph] [--budget N] [--dot]`. */
export async function graphCommand(args: readonly string[], console: Console): Promise<number> {
  const reader = new OptionReader();
  const own: string[] = [];
  for (let at = 0; at < args.length; ) {
    const next = reader.read(args, at);
    if (reader.problem !== undefined) return refuse(console, reader.problem);
    if (next === at) own.push(args[at++]!);
    else at = next;
  }
  const [path, ...flags] = own;
  if (path === undefined || path.startsWith('--')) return refuse(console, 'there is no file to look at', GRAPH_USAGE);
  const wanted = parseGraphFlags(flags);
  if ('error' in wanted) return refuse(console, wanted.error, GRAPH_USAGE);
  const options = reader.options();
  const source = readProgramFile(path);
  if ('diagnostic' in source) {
    await report([source.diagnostic], () => undefined, options, console);
    return EXIT.refused;
  }
  const { program, diagnostics, imported } = loadProgram(source.text, { file: path, readFile: readImport });
  const hindering = diagnostics.filter(({ code, severity }) => severity === 'error' && /^ILO-[LP]/.test(code));
  await report(hindering, sourcesOf(source.text, path, imported), options, console);
  if (hindering.length > 0) return EXIT.refused;
  const graph = renderGraph(program, wanted);
  if ('error' in graph) return refuse(console, graph.error);
  console.out.write(graph.text.endsWith('\n') ? graph.text : `${graph.text}\n`);
  return EXIT.ok;
}
