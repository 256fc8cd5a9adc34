// The hook that makes modules of `.ilo` files for Node.
import { fileURLToPath } from 'node:url';
import { CompileError } from '../embed/errors.ts';
import { generateModule } from '../embed/module.ts';
import { readText } from './files.ts';

interface Loaded {
  readonly format: 'module';
  readonly source: string;
  readonly shortCircuit: true;
}

/** Node's `load` hook, for both ways of registering one. Throws CompileError. */
export function load<Context, Result>(
  url: string,
  context: Context,
  next: (url: string, context: Context) => Result,
): Result | Loaded {
  if (!/^file:.*\.ilo([?#].*)?$/.test(url)) return next(url, context);
  const file = fileURLToPath(url.replace(/[?#].*$/, ''));
  const text = readText(file);
  if (text === undefined) return next(url, context);
  const module = generateModule({ file, text, read: readText });
  if (module.code === undefined) throw new CompileError(module.problems);
  return { format: 'module', source: module.code, shortCircuit: true };
}
