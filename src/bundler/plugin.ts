// Programs as modules for bundlers: one plugin for Vite, Rollup, Rolldown, esbuild, webpack and Rspack, through unplugin. A mistake in a program
// fails the build and points at its line.
import { readFileSync } from 'node:fs';
import { createUnplugin, type UnpluginInstance, type UnpluginMessage } from 'unplugin';
import { generateModule } from '../embed/module.ts';
import { readText, writeTypes } from './files.ts';

export interface PluginOptions {
  /** Write `NAME.d.ilo.ts` beside each program that is built. Default: false. */
  readonly types?: boolean;
}

const plugin: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin((options?: PluginOptions) => ({
  name: 'ilo',
  load: {
    filter: { id: /\.ilo$/ },
    handler(id) {
      const file = id.replace(/[?#].*$/, '');
      const text = readFileSync(file, 'utf8');
      const module = generateModule({ file, text, read: readText });
      for (const used of module.uses) this.addWatchFile(used);
      const [problem] = module.problems.filter(({ severity }) => severity === 'error');
      if (problem !== undefined || module.code === undefined) {
        const { place, code, message } = problem!;
        const at = { file: place?.file ?? file, line: place?.line ?? 1, column: (place?.column ?? 1) - 1 };
        const fail: (error: UnpluginMessage) => void = this.error;
        fail.call(this, {
          name: 'IloError',
          id: at.file,
          loc: at,
          message: `${code}: ${message} (${at.file}:${at.line}:${at.column + 1})`,
          ...(problem?.suggestion === undefined ? {} : { frame: problem.suggestion }),
        });
        // Most bundlers have stopped by now; for esbuild, an error is reported with a result.
        return { code: '', map: { mappings: '' } as never };
      }
      if (options?.types === true) writeTypes(file, module.types!);
      // An empty map: the lines of the module are not lines of the program, and errors of the program carry their place themselves.
      return { code: module.code!, map: { mappings: '' } as never };
    },
  },
}));

export const vite = plugin.vite;
export const rollup = plugin.rollup;
export const rolldown = plugin.rolldown;
export const esbuild = plugin.esbuild;
export const webpack = plugin.webpack;
export const rspack = plugin.rspack;
