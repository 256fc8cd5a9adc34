// How the tables of x86-64 instructions are written: each line repeats one line of the Intel manual's reference pages.
//
//     'instruction': ['opcode', 'operand encoding', 'roles']
//
// *Instruction*: the mnemonic as the GNU disassembler prints it, and the operands. `r64` is a general register, `m64` memory,
// `r/m64` either; `xmm`, `ymm`, `xmm/m64` and so on alike. `imm8` is sign-extended, `uimm8` is not; `imm32` is sign-extended to the
// operand's size, `uimm32` is not. `rel` is a label. `cl`, `1`, `rax` and its parts stand for themselves and are not given.
// `{cc}` in a mnemonic is a condition, `{p}` a comparison predicate; they are given before the operands.
//
// *Opcode*: in the manual's notation. `REX.W`, `66`, `F2` and `F3` are prefixes; `/r` a register and a register or memory; `/0` to `/7` a
// digit and a register or memory; `+r` and `+cc` are added to the opcode; `ib`, `id`, `io` immediates of one, four and eight bytes;
// `/is4` a register in the upper half of a byte; `cd` a distance. A `VEX.…` word has length, prefix, map and W as the manual has them.
//
// *Operand encoding*: one letter for each operand that is given. R: ModRM.reg, M: ModRM.r/m, V: VEX.vvvv, O: opcode, I: immediate,
// 4: the byte of `/is4`, D: distance.
//
// *Roles*: one word for each operand that is given: `r` read, `w` written, `rw` both, `-` neither (immediates, labels).
export type X64Columns = readonly [opcode: string, encoding: string, roles: string];

export type X64Table = Readonly<Record<string, X64Columns>>;
