// The largest values a program may make. They keep one call from taking the whole heap at once, whatever the limits of the run.

/** UTF-16 units in one text: half of what V8 allows. */
export const MAX_TEXT_UNITS = 2 ** 28;

/** Items in one list. */
export const MAX_LIST_ITEMS = 2 ** 26;
