// The dependency graph of a program: which function needs which functions and types. Built for tools and agents that want to
// load only the part of a program they are about to change, optionally within a budget of tokens.
//
// A function needs another one when it calls it or hands it over by name (`map dbl xs`). Lambdas belong to the function they
// are written in. Everything in the output is sorted by name, so that two runs give the same text.
import type { Type } from '../../core/type.ts';
import { showType } from '../../core/type.ts';
import type { FunctionDecl, Param, Program, TypeDecl } from './ast.ts';
import { formatDeclarations } from './format/format.ts';
import { walkBody } from './walk.ts';

export interface FunctionNode {
  readonly sig: string;
  readonly calls: readonly string[];
  readonly called_by: string[];
  readonly types_used: readonly string[];
}

export interface TypeNode {
  readonly fields: readonly (readonly [name: string, type: string])[];
  readonly refs: readonly string[];
}

export interface ProgramGraph {
  readonly functions: ReadonlyMap<string, FunctionNode>;
  readonly types: ReadonlyMap<string, TypeNode>;
}

interface Declarations {
  readonly functions: ReadonlyMap<string, FunctionDecl>;
  readonly types: ReadonlyMap<string, TypeDecl>;
}

function declarationsOf(program: Program): Declarations {
  const functions = new Map<string, FunctionDecl>();
  const types = new Map<string, TypeDecl>();
  for (const decl of program.decls) {
    if (decl.kind === 'function' && !functions.has(decl.name)) functions.set(decl.name, decl);
    if (decl.kind === 'type' && !types.has(decl.name)) types.set(decl.name, decl);
  }
  return { functions, types };
}

/** Builds the whole graph. Programs with errors give the graph of what could be parsed. */
function buildGraph(program: Program): ProgramGraph {
  const all = declarationsOf(program);
  const functions = new Map<string, FunctionNode>();
  for (const name of sorted(all.functions.keys())) functions.set(name, functionNode(all.functions.get(name)!, all));
  for (const [caller, node] of functions)
    for (const callee of node.calls) functions.get(callee)!.called_by.push(caller);
  const types = new Map<string, TypeNode>();
  for (const name of sorted(all.types.keys())) {
    const { fields } = all.types.get(name)!;
    const refs = new Set<string>();
    for (const field of fields) collectNames(field.type, refs);
    types.set(name, {
      fields: fields.map(field => [field.name, showType(field.type)]),
      refs: sorted(refs).filter(ref => all.types.has(ref)),
    });
  }
  return { functions, types };
}

function functionNode(decl: FunctionDecl, all: Declarations): FunctionNode {
  const needed = new Set<string>();
  const mentioned = new Set<string>();
  const types = new Set<string>();
  const bound = new Set(decl.params.map(param => param.name));
  for (const param of decl.params) collectNames(param.type, types);
  collectNames(decl.result, types);
  walkBody(decl.body, {
    stmt(stmt) {
      if (stmt.kind === 'let' || stmt.kind === 'foreach' || stmt.kind === 'range') bound.add(stmt.name);
      if (stmt.kind === 'destructure') for (const { name } of stmt.names) bound.add(name);
    },
    pattern(pattern) {
      if ('name' in pattern) bound.add(pattern.name);
    },
    expr(expr) {
      if (expr.kind === 'call') needed.add(expr.name);
      else if (expr.kind === 'ref') mentioned.add(expr.name);
      else if (expr.kind === 'record') types.add(expr.typeName);
      else if (expr.kind === 'lambda') {
        for (const param of expr.params) {
          bound.add(param.name);
          collectNames(param.type, types);
        }
        collectNames(expr.result, types);
      }
    },
  });
  for (const name of mentioned) if (!bound.has(name)) needed.add(name);
  return {
    sig: signature(decl.name, decl.params, decl.result),
    calls: sorted(needed).filter(name => all.functions.has(name)),
    called_by: [],
    types_used: sorted(types).filter(name => all.types.has(name)),
  };
}

function signature(name: string, params: readonly Param[], result: Type): string {
  return `${[name, ...params.map(param => `${param.name}:${showType(param.type)}`)].join(' ')}>${showType(result)}`;
}

function collectNames(type: Type, names: Set<string>): void {
  switch (type.kind) {
    case 'named':
      names.add(type.name);
      return;
    case 'list':
    case 'optional':
      collectNames(type.of, names);
      return;
    case 'map':
      collectNames(type.key, names);
      collectNames(type.value, names);
      return;
    case 'result':
      collectNames(type.ok, names);
      collectNames(type.err, names);
      return;
    case 'fn':
      for (const param of type.params) collectNames(param, names);
      collectNames(type.result, names);
      return;
    default:
      return;
  }
}

export interface GraphOptions {
  /** Ask about one function instead of the whole program. */
  readonly fn?: string;
  /** Who calls it. */
  readonly reverse?: boolean;
  /** Everything it needs, directly or not, with source. */
  readonly subgraph?: boolean;
  /** As subgraph, but only as much as fits into this many tokens (counted as words). */
  readonly budget?: number;
  /** The whole graph in Graphviz's language instead of JSON. */
  readonly dot?: boolean;
}

export const GRAPH_USAGE = 'Usage: ilo graph <file> [--fn NAME] [--reverse] [--subgraph] [--budget N] [--dot]';

/** Reads the flags of `ilo graph`, those after the file. A mistake comes back as the sentence to print. */
export function parseGraphFlags(flags: readonly string[]): GraphOptions | { readonly error: string } {
  let options: GraphOptions = {};
  for (let at = 0; at < flags.length; at++) {
    const flag = flags[at]!;
    if (flag === '--reverse') options = { ...options, reverse: true };
    else if (flag === '--subgraph') options = { ...options, subgraph: true };
    else if (flag === '--dot') options = { ...options, dot: true };
    else if (flag === '--fn' || flag === '--budget') {
      const value = flags[++at];
      if (flag === '--fn') {
        if (value === undefined) return { error: '--fn requires a function name' };
        options = { ...options, fn: value };
      } else {
        if (value === undefined) return { error: '--budget requires a number' };
        if (!/^\+?\d+$/.test(value)) return { error: '--budget value must be a positive integer' };
        options = { ...options, budget: Number(value) };
      }
    } else return { error: `unknown flag: ${flag}` };
  }
  return options;
}

/** What `ilo graph` prints for a program, ending in a line break, or the sentence that the function does not exist. */
export function renderGraph(
  program: Program,
  options: GraphOptions,
): { readonly text: string } | { readonly error: string } {
  const graph = buildGraph(program);
  if (options.dot) return { text: graphDot(graph) };
  if (options.fn === undefined) {
    return json({ functions: Object.fromEntries(graph.functions), types: Object.fromEntries(graph.types) });
  }
  if (!graph.functions.has(options.fn)) return { error: `function '${options.fn}' not found` };
  if (options.reverse) return json(reverseQuery(graph, options.fn));
  const sources = sourcesOf(program);
  if (options.budget !== undefined) return json(budgetQuery(graph, sources, options.fn, options.budget));
  return json(options.subgraph ? subgraphQuery(graph, sources, options.fn) : directQuery(graph, sources, options.fn));
}

function json(value: object): { readonly text: string } {
  return { text: `${JSON.stringify(value, null, 2)}\n` };
}

/** Dense source of the declarations. */
interface Sources {
  readonly ofFunction: (name: string) => string;
  readonly ofType: (name: string) => string;
}

function sourcesOf(program: Program): Sources {
  const { functions, types } = declarationsOf(program);
  const texts = formatDeclarations(program.decls, 'dense');
  return {
    ofFunction: name => texts.get(functions.get(name)!)!,
    ofType: name => texts.get(types.get(name)!)!,
  };
}

function directQuery(graph: ProgramGraph, sources: Sources, root: string): object {
  const node = graph.functions.get(root)!;
  return {
    root,
    source: sources.ofFunction(root),
    deps: Object.fromEntries(node.calls.map(name => [name, { sig: graph.functions.get(name)!.sig }])),
    types: typeSources(node.types_used, sources),
  };
}

function reverseQuery(graph: ProgramGraph, root: string): object {
  const { sig, called_by } = graph.functions.get(root)!;
  return { function: root, sig, callers: called_by.map(name => ({ name, sig: graph.functions.get(name)!.sig })) };
}

function subgraphQuery(graph: ProgramGraph, sources: Sources, root: string): object {
  const reached = new Set([root]);
  // A set is walked in insertion order, also over what is added on the way.
  for (const name of reached) for (const callee of graph.functions.get(name)!.calls) reached.add(callee);
  const types = new Set([...reached].flatMap(name => graph.functions.get(name)!.types_used));
  reached.delete(root);
  return {
    root,
    source: sources.ofFunction(root),
    deps: dependencySources(sorted(reached), graph, sources),
    types: typeSources(sorted(types), sources),
  };
}

function budgetQuery(graph: ProgramGraph, sources: Sources, root: string, limit: number): object {
  const source = sources.ofFunction(root);
  let used = words(source);
  const truncated: string[] = [];
  const kept: string[] = [];
  const types = new Set(graph.functions.get(root)!.types_used);
  const seen = new Set([root, ...graph.functions.get(root)!.calls]);
  for (const name of seen) {
    if (name === root) continue;
    const cost = words(sources.ofFunction(name));
    if (used + cost > limit) {
      truncated.push(name);
      continue;
    }
    used += cost;
    kept.push(name);
    for (const type of graph.functions.get(name)!.types_used) types.add(type);
    for (const callee of graph.functions.get(name)!.calls) seen.add(callee);
  }
  const keptTypes: string[] = [];
  for (const name of sorted(types)) {
    const cost = words(sources.ofType(name));
    if (used + cost > limit) truncated.push(name);
    else {
      used += cost;
      keptTypes.push(name);
    }
  }
  return {
    root,
    source,
    deps: dependencySources(sorted(kept), graph, sources),
    types: typeSources(keptTypes, sources),
    budget: { used, limit, truncated },
  };
}

function dependencySources(names: readonly string[], graph: ProgramGraph, sources: Sources): object {
  return Object.fromEntries(
    names.map(name => [name, { sig: graph.functions.get(name)!.sig, source: sources.ofFunction(name) }]),
  );
}

function typeSources(names: readonly string[], sources: Sources): object {
  return Object.fromEntries(names.map(name => [name, { source: sources.ofType(name) }]));
}

/** The graph in Graphviz's language: boxes for functions, dashed arrows to the types they use. */
function graphDot(graph: ProgramGraph): string {
  const lines = ['digraph ilo {', '  rankdir=LR;', '  node [shape=box];'];
  for (const [name, node] of graph.functions) {
    for (const callee of node.calls) lines.push(`  "${name}" -> "${callee}";`);
    for (const type of node.types_used) lines.push(`  "${name}" -> "${type}" [style=dashed];`);
  }
  for (const name of graph.types.keys()) lines.push(`  "${name}" [shape=record];`);
  return `${lines.join('\n')}\n}\n`;
}

/** Tokens, roughly: what is separated by white space. */
function words(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

function sorted(names: Iterable<string>): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
