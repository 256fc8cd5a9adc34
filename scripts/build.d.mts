export function buildAll(options?: { readonly quiet?: boolean }): Promise<void>;
