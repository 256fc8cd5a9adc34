// Executable memory for the engine `jit`: reserves it, publishes code into it, enters the code, gives it back.
//
// The problem: TypeScript writes machine code but cannot run it. The idea: this file knows nothing about what the code does. It keeps a
// few large arenas per environment, flips the pages that a publication covers from writable to executable, and enters a piece of
// code with one argument, the address of a block of memory that both sides know (`Memory` below). Everything else, the layout of code
// and arguments, limits and errors, is TypeScript's business.
//
// Invariants:
// * No page is ever writable and executable at once. Publications cover whole pages, so nothing that runs is ever flipped.
// * All state belongs to one environment (a worker has its own) and is used on that environment's thread only: no locks.
// * Memory is given back only while nothing runs in this environment's arenas; when the environment ends, nothing does.
// * No exception leaves, none is needed; nothing of the C++ runtime is used, so that the binary loads under any C library.
// * Arguments were validated in TypeScript; what could damage the process is checked here again and refused with a number.
#include <node_api.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

using namespace ilo;

namespace {

constexpr uint32_t kMaxArenas = 64;
constexpr size_t kMaxArenaBytes = size_t{1} << 30;
/** What code may not use of the stack: room for the calls that C makes below it, and for signal handlers. */
constexpr size_t kStackReserve = 192 * 1024;

// ---- what an environment has

struct Arena {
  uint8_t* base;
  size_t bytes;
};

struct Instance;
struct Memory;

/** A block of memory that code is entered with. There is one for an environment, or a few when larger ones were asked for. */
struct Context {
  Instance* instance;
  napi_env env;
  Memory* memory;
  size_t bytes;
  napi_ref buffer;
  napi_ref look;
  Context* next;
};

struct Instance {
  Arena arenas[kMaxArenas];
  /** What code makes lists and records in; null when nobody asked for it. */
  Arena heap;
  Context* contexts;
  uintptr_t stack_low;
  /** Calls that are in code now. */
  uint32_t active;
  /** For tests: the call of the system that fails next, counted down; 0 for none. */
  uint32_t fail_in;
};

bool ShouldFail(Instance* instance) { return instance->fail_in > 0 && --instance->fail_in == 0; }

constexpr int kOutOfRange = -1;
constexpr int kBusy = -2;
constexpr int kInjected = -3;

/**
 * The head of the block of memory that code is entered with. TypeScript has the same layout (src/jit/native/memory.ts); what follows it is
 * TypeScript's own.
 */
struct Memory {
  uint32_t arena;         // Where the code is that is entered.
  uint32_t offset;
  uint32_t max_depth;     // How deeply calls may nest at most, as far as the program's limit goes.
  uint32_t frame_bytes;   // What one call may take of the stack at most.
  int32_t depth;          // Set here: how deeply calls may nest, the stack considered too.
  int32_t status;         // Set here when code was not entered: 100 out of range, 101 no stack.
  uint64_t look;          // Set here: what code calls to have JavaScript look at it; given this block, 0 to go on.
  uint64_t self;          // Set here: for `look`.
  uint64_t code;          // Set here: the address of what was entered.
  uint64_t heap;          // Set once: where the heap begins and ends; zero when there is none.
  uint64_t heap_end;
};

constexpr uint32_t kMaxColumns = 9;

/** What code that works on whole columns is told. It lies where the arguments of other code lie (memory.ts). */
struct Columns {
  uint64_t addresses[kMaxColumns];  // Of the first number of each column, the one that is written to last.
  uint32_t from;                    // The rows that are to be done: each column has more than the last of them.
  uint32_t to;
};
constexpr size_t kColumnsAt = 512;

/** Lets a context know where the heap is. */
void SetHeap(Context* context) {
  Memory* memory = context->memory;
  if (memory == nullptr) return;
  memory->heap = reinterpret_cast<uintptr_t>(context->instance->heap.base);
  memory->heap_end = memory->heap + context->instance->heap.bytes;
}

Arena* FindArena(Instance* instance, uint32_t index) {
  return index < kMaxArenas && instance->arenas[index].base != nullptr ? &instance->arenas[index] : nullptr;
}

bool IsInside(const Arena* arena, size_t offset, size_t bytes) {
  return arena != nullptr && offset <= arena->bytes && bytes <= arena->bytes - offset;
}

/** Writes `bytes` bytes of code to pages that begin at `to` and makes them executable. 0, or what is wrong. */
int Publish(Instance* instance, uint8_t* to, size_t room, const void* code, size_t bytes) {
  if (ShouldFail(instance)) return kInjected;
  int failed = SystemProtect(to, room, Access::kWrite);
  if (failed != 0) return failed;
  memcpy(to, code, bytes);
  failed = ShouldFail(instance) ? kInjected : SystemProtect(to, room, Access::kExecute);
  if (failed != 0) {
    SystemProtect(to, room, Access::kNone);
    return failed;
  }
  FlushCode(to, bytes);
  return 0;
}

#if defined(__x86_64__) || defined(_M_X64)
const uint8_t kProbe[] = {0xb8, 0x2a, 0, 0, 0, 0xc3};  // mov eax, 42; ret
#elif defined(__aarch64__) || defined(_M_ARM64)
const uint8_t kProbe[] = {0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6};  // mov w0, #42; ret
#else
const uint8_t kProbe[] = {0};
#endif

/** Whether code can be run here at all: 0, or what is wrong. */
int Probe(Instance* instance) {
  if (sizeof kProbe == 1) return kOutOfRange;
  if (ShouldFail(instance)) return kInjected;
  uint8_t* at = static_cast<uint8_t*>(SystemReserve(kPage));
  if (at == nullptr) return LastError();
  int failed = Publish(instance, at, kPage, kProbe, sizeof kProbe);
  if (failed == 0 && reinterpret_cast<int (*)()>(at)() != 42) failed = kOutOfRange;
  SystemRelease(at, kPage);
  return failed;
}

void ReleaseAll(napi_env, void* data, void*) {
  Instance* instance = static_cast<Instance*>(data);
  for (Arena& arena : instance->arenas)
    if (arena.base != nullptr) SystemRelease(arena.base, arena.bytes);
  if (instance->heap.base != nullptr) SystemRelease(instance->heap.base, instance->heap.bytes);
  // Node deletes the references of an environment that ends.
  while (instance->contexts != nullptr) {
    Context* next = instance->contexts->next;
    free(instance->contexts);
    instance->contexts = next;
  }
  free(instance);
}

// ---- calls from JavaScript

Instance* InstanceOf(napi_env env) {
  void* data = nullptr;
  return napi_get_instance_data(env, &data) == napi_ok ? static_cast<Instance*>(data) : nullptr;
}

napi_value Number(napi_env env, double value) {
  napi_value result = nullptr;
  napi_create_double(env, value, &result);
  return result;
}

/** The first `count` arguments as whole numbers from 0 to 2^32-1; false when one is missing or something else. */
bool ReadNumbers(napi_env env, napi_callback_info info, uint32_t* to, size_t count) {
  napi_value values[4];
  size_t given = 4;
  if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok || given < count) return false;
  for (size_t i = 0; i < count; i++) {
    double value;
    if (napi_get_value_double(env, values[i], &value) != napi_ok) return false;
    if (!(value >= 0 && value <= 4294967295.0)) return false;
    to[i] = static_cast<uint32_t>(value);
  }
  return true;
}

/** probe(): 0, or why code cannot run here. */
napi_value CallProbe(napi_env env, napi_callback_info) {
  Instance* instance = InstanceOf(env);
  return Number(env, instance == nullptr ? kOutOfRange : Probe(instance));
}

/** cpu(): the features, as bits. */
napi_value CallCpu(napi_env env, napi_callback_info) { return Number(env, CpuFeatures()); }

/** failIn(n): the n-th call of the system from now on fails; for tests. */
napi_value CallFailIn(napi_env env, napi_callback_info info) {
  Instance* instance = InstanceOf(env);
  uint32_t count;
  if (instance != nullptr && ReadNumbers(env, info, &count, 1)) instance->fail_in = count;
  return nullptr;
}

/** reserve(bytes): the number of a new arena, or what is wrong as -1000 - number. */
napi_value CallReserve(napi_env env, napi_callback_info info) {
  Instance* instance = InstanceOf(env);
  uint32_t bytes;
  if (instance == nullptr || !ReadNumbers(env, info, &bytes, 1)) return Number(env, kOutOfRange);
  if (bytes == 0 || bytes % kPage != 0 || bytes > kMaxArenaBytes) return Number(env, kOutOfRange);
  for (uint32_t i = 0; i < kMaxArenas; i++) {
    if (instance->arenas[i].base != nullptr) continue;
    if (ShouldFail(instance)) return Number(env, kInjected);
    void* base = SystemReserve(bytes);
    if (base == nullptr) return Number(env, -1000.0 - LastError());
    instance->arenas[i] = {static_cast<uint8_t*>(base), bytes};
    return Number(env, i);
  }
  return Number(env, kOutOfRange);
}

/** publish(arena, offset, room, code): 0, or what is wrong. `room` is a whole number of pages that holds the code. */
napi_value CallPublish(napi_env env, napi_callback_info info) {
  Instance* instance = InstanceOf(env);
  uint32_t numbers[3];
  if (instance == nullptr || !ReadNumbers(env, info, numbers, 3)) return Number(env, kOutOfRange);
  napi_value values[4];
  size_t given = 4;
  napi_typedarray_type type;
  size_t bytes = 0;
  void* code = nullptr;
  if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok || given < 4 ||
      napi_get_typedarray_info(env, values[3], &type, &bytes, &code, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array)
    return Number(env, kOutOfRange);
  const size_t offset = numbers[1], room = numbers[2];
  Arena* arena = FindArena(instance, numbers[0]);
  if (!IsInside(arena, offset, room) || offset % kPage != 0 || room % kPage != 0 || bytes > room)
    return Number(env, kOutOfRange);
  return Number(env, Publish(instance, arena->base + offset, room, code, bytes));
}

/** retire(arena, offset, room): gives back what a publication took. 0, or what is wrong. */
napi_value CallRetire(napi_env env, napi_callback_info info) {
  Instance* instance = InstanceOf(env);
  uint32_t numbers[3];
  if (instance == nullptr || !ReadNumbers(env, info, numbers, 3)) return Number(env, kOutOfRange);
  const size_t offset = numbers[1], room = numbers[2];
  Arena* arena = FindArena(instance, numbers[0]);
  if (!IsInside(arena, offset, room) || offset % kPage != 0 || room % kPage != 0) return Number(env, kOutOfRange);
  if (instance->active > 0) return Number(env, kBusy);
  // The pages stay as they are: closing them one by one would split the mapping into as many as there are.
  SystemDiscard(arena->base + offset, room);
  return Number(env, 0);
}

/**
 * heap(bytes): an ArrayBuffer over the memory in which code makes lists and records. There is one for an environment; asked for again, or
 * when there is no memory, undefined. Code may write to it, so nobody reads it while code runs.
 */
napi_value CallHeap(napi_env env, napi_callback_info info) {
  Instance* instance = InstanceOf(env);
  uint32_t bytes;
  if (instance == nullptr || instance->heap.base != nullptr || !ReadNumbers(env, info, &bytes, 1)) return nullptr;
  if (bytes == 0 || bytes % kPage != 0 || ShouldFail(instance)) return nullptr;
  void* base = SystemReserveHeap(bytes);
  if (base == nullptr) return nullptr;
  napi_value buffer;
  if (napi_create_external_arraybuffer(env, base, bytes, nullptr, nullptr, &buffer) != napi_ok) {
    SystemRelease(base, bytes);
    return nullptr;
  }
  instance->heap = {static_cast<uint8_t*>(base), bytes};
  for (Context* context = instance->contexts; context != nullptr; context = context->next) SetHeap(context);
  return buffer;
}

/** trim(from): gives back the pages of the heap behind `from`. */
napi_value CallTrim(napi_env env, napi_callback_info info) {
  Instance* instance = InstanceOf(env);
  uint32_t from;
  if (instance == nullptr || instance->active > 0 || !ReadNumbers(env, info, &from, 1)) return nullptr;
  if (instance->heap.base == nullptr || from % kPage != 0 || from >= instance->heap.bytes) return nullptr;
  SystemDiscard(instance->heap.base + from, instance->heap.bytes - from);
  return nullptr;
}

/** What code calls when it wants JavaScript to look: 0 to go on. The last thing that JavaScript threw stays pending. */
int32_t Look(Memory* memory) {
  Context* context = reinterpret_cast<Context*>(memory->self);
  napi_env env = context->env;
  napi_handle_scope scope;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return 1;
  napi_value look, receiver, result;
  int32_t answer = 1;
  if (napi_get_reference_value(env, context->look, &look) == napi_ok &&
      napi_get_undefined(env, &receiver) == napi_ok &&
      napi_call_function(env, receiver, look, 0, nullptr, &result) == napi_ok &&
      napi_get_value_int32(env, result, &answer) != napi_ok)
    answer = 1;
  napi_close_handle_scope(env, scope);
  return answer;
}

/** Enters the code that a memory names; its `status` says when that was not possible. */
void Enter(Context* context) {
  Memory* memory = context->memory;
  Instance* instance = context->instance;
  Arena* arena = FindArena(instance, memory->arena);
  if (arena == nullptr || memory->offset >= arena->bytes || memory->frame_bytes == 0) {
    memory->status = 100;
    return;
  }
  const uintptr_t here = reinterpret_cast<uintptr_t>(&arena);
  const uintptr_t floor = instance->stack_low + kStackReserve;
  if (instance->stack_low == 0 || here <= floor) {
    memory->status = 101;
    return;
  }
  const uintptr_t calls = (here - floor) / memory->frame_bytes;
  memory->depth = static_cast<int32_t>(calls < memory->max_depth ? calls : memory->max_depth);
  memory->look = reinterpret_cast<uintptr_t>(&Look);
  memory->self = reinterpret_cast<uintptr_t>(context);
  memory->code = reinterpret_cast<uintptr_t>(arena->base + memory->offset);
  instance->active++;
  reinterpret_cast<void (*)(Memory*)>(arena->base + memory->offset)(memory);
  instance->active--;
}

/** The first function that context() makes: enters the code that its memory names. */
napi_value CallEnter(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  if (napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data) == napi_ok) Enter(static_cast<Context*>(data));
  return nullptr;
}

/** The address of the first number of a Float64Array that has at least so many; null when it is none. */
uint64_t ColumnAddress(napi_env env, napi_value array, uint32_t rows) {
  bool is_typed = false;
  napi_typedarray_type type;
  size_t length = 0;
  void* data = nullptr;
  if (napi_is_typedarray(env, array, &is_typed) != napi_ok || !is_typed) return 0;
  if (napi_get_typedarray_info(env, array, &type, &length, &data, nullptr, nullptr) != napi_ok) return 0;
  return type == napi_float64_array && length >= rows ? reinterpret_cast<uintptr_t>(data) : 0;
}

/**
 * The second function that context() makes, enterColumns(columns, from, to): enters code that works on the rows from `from` to before `to` of
 * an array of Float64Arrays. A column that is something else, or shorter (a detached one has no rows), makes the status 100. Addresses
 * hold for this call only: nothing that code does can move or shrink a buffer.
 */
napi_value CallEnterColumns(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_value values[3];
  size_t given = 3;
  if (napi_get_cb_info(env, info, &given, values, nullptr, &data) != napi_ok) return nullptr;
  Context* context = static_cast<Context*>(data);
  context->memory->status = 100;
  double from = 0, to = 0;
  uint32_t count = 0;
  if (given < 3 || napi_get_value_double(env, values[1], &from) != napi_ok ||
      napi_get_value_double(env, values[2], &to) != napi_ok ||
      napi_get_array_length(env, values[0], &count) != napi_ok)
    return nullptr;
  if (!(from >= 0 && from < to && to <= 2147483647.0) || count == 0 || count > kMaxColumns) return nullptr;
  if (context->bytes < kColumnsAt + sizeof(Columns)) return nullptr;
  Columns columns = {};
  columns.from = static_cast<uint32_t>(from);
  columns.to = static_cast<uint32_t>(to);
  napi_value arrays[kMaxColumns];
  for (uint32_t i = 0; i < count; i++)
    if (napi_get_element(env, values[0], i, &arrays[i]) != napi_ok) return nullptr;
  // From here on nothing of JavaScript runs until the code has returned.
  for (uint32_t i = 0; i < count; i++) {
    columns.addresses[i] = ColumnAddress(env, arrays[i], columns.to);
    if (columns.addresses[i] == 0) return nullptr;
  }
  memcpy(reinterpret_cast<uint8_t*>(context->memory) + kColumnsAt, &columns, sizeof columns);
  Enter(context);
  return nullptr;
}

/**
 * context(room, look): an array of a function, a new ArrayBuffer and another function. The functions enter the code that the buffer's head
 * names; `look` is what that code may call. All stay until the environment ends. Undefined when there is no memory.
 */
napi_value CallContext(napi_env env, napi_callback_info info) {
  Instance* instance = InstanceOf(env);
  uint32_t room;
  if (instance == nullptr || !ReadNumbers(env, info, &room, 1)) return nullptr;
  if (room < sizeof(Memory) || room > (1u << 26)) return nullptr;
  napi_value values[2];
  size_t given = 2;
  napi_valuetype type;
  if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok || given < 2 ||
      napi_typeof(env, values[1], &type) != napi_ok || type != napi_function || ShouldFail(instance))
    return nullptr;
  Context* context = static_cast<Context*>(calloc(1, sizeof(Context)));
  if (context == nullptr) return nullptr;
  context->instance = instance;
  context->env = env;
  context->bytes = room;
  context->next = instance->contexts;
  instance->contexts = context;
  napi_value buffer, enter, enter_columns, made;
  void* memory = nullptr;
  if (napi_create_arraybuffer(env, room, &memory, &buffer) != napi_ok ||
      napi_create_reference(env, buffer, 1, &context->buffer) != napi_ok ||
      napi_create_reference(env, values[1], 1, &context->look) != napi_ok ||
      napi_create_function(env, "enter", NAPI_AUTO_LENGTH, CallEnter, context, &enter) != napi_ok ||
      napi_create_function(env, "enterColumns", NAPI_AUTO_LENGTH, CallEnterColumns, context, &enter_columns) != napi_ok ||
      napi_create_array_with_length(env, 3, &made) != napi_ok || napi_set_element(env, made, 0, enter) != napi_ok ||
      napi_set_element(env, made, 1, buffer) != napi_ok || napi_set_element(env, made, 2, enter_columns) != napi_ok)
    return nullptr;
  context->memory = static_cast<Memory*>(memory);
  SetHeap(context);
  return made;
}

}  // namespace

NAPI_MODULE_INIT() {
  static_assert(sizeof(Memory) == 64, "memory.ts has the same layout");
  Instance* instance = static_cast<Instance*>(calloc(1, sizeof(Instance)));
  if (instance == nullptr) return exports;
  instance->stack_low = StackLow();
  if (napi_set_instance_data(env, instance, ReleaseAll, nullptr) != napi_ok) {
    free(instance);
    return exports;
  }
  const struct {
    const char* name;
    napi_callback call;
  } rows[] = {{"probe", CallProbe},     {"cpu", CallCpu},       {"failIn", CallFailIn}, {"reserve", CallReserve},
              {"publish", CallPublish}, {"retire", CallRetire}, {"context", CallContext},
              {"heap", CallHeap},       {"trim", CallTrim}};
  for (const auto& row : rows) {
    napi_value call;
    if (napi_create_function(env, row.name, NAPI_AUTO_LENGTH, row.call, nullptr, &call) == napi_ok)
      napi_set_named_property(env, exports, row.name, call);
  }
  return exports;
}
