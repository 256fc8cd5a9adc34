// Values as the tree engine, the closure and JS engines and all builtins see them: JavaScript numbers, strings and booleans,
// null for nil, and our own classes for the rest. Never a host object. Values are immutable to the program.
import type { FunctionValue } from './function.ts';
import type { List } from './list.ts';
import type { MapValue } from './map.ts';
import type { RecordValue } from './record.ts';
import type { Err, Ok } from './result.ts';

export type Value = number | string | boolean | null | List | MapValue | RecordValue | Ok | Err | FunctionValue;
