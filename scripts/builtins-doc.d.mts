export declare function builtinsPage(): Promise<string>;
