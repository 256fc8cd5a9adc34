export function buildAll(options?: { readonly quiet?: boolean; readonly readable?: boolean }): Promise<void>;
