/** The text of src/core/math/constants.ts. */
export const CONSTANTS_FILE: string;
