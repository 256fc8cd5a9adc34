// The exports of `ilo/plugin` as declarations. A test compares them with plugin.ts.
import type { UnpluginInstance } from 'unplugin';

export interface PluginOptions {
  /** Write `NAME.d.ilo.ts` beside each program that is built. Default: false. */
  readonly types?: boolean;
}

type Plugin = UnpluginInstance<PluginOptions | undefined, false>;

export declare const vite: Plugin['vite'];
export declare const rollup: Plugin['rollup'];
export declare const rolldown: Plugin['rolldown'];
export declare const esbuild: Plugin['esbuild'];
export declare const webpack: Plugin['webpack'];
export declare const rspack: Plugin['rspack'];
