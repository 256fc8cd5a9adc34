// How the tables of ARM64 instructions are written: each line repeats one encoding diagram of the Arm manual.
//
//     'instruction': ['bits', 'roles']
//
// *Instruction*: mnemonic and operands in the manual's assembler syntax. `Xd`, `Wn`, `Dm`, `Qt`, `Vd.2d` are registers and the names of
// their fields: `Xn` with number 31 is the zero register, `Xn|SP` the stack pointer. `#name` is an immediate of the kind `name` (see
// src/jit/native/arm64/operands.ts), `cc` a condition, `label` a label; all else stands for itself and is not given.
// Memory operands are given as their parts, in the order in which they are written.
//
// *Bits*: from bit 31 down. Zeros and ones are themselves; `Rd`, `Rn` … are five bits of a register's number; `name:width` is an
// immediate of that kind; `cc:4` a condition and `~cc:4` its opposite; `label:width` is the distance, left to the code buffer.
//
// *Roles*: one word for each operand that is given: `r` read, `w` written, `rw` both, `-` neither.
export type Arm64Columns = readonly [bits: string, roles: string];

export type Arm64Table = Readonly<Record<string, Arm64Columns>>;
