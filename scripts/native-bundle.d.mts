export const root: string;
export function removeBundles(): void;
export function bundleTests(files: readonly string[], home?: string): Promise<string>;
export function bundleLibrary(home?: string): Promise<string>;
