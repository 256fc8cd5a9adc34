// Runs machine code for ARM64 that Node on another processor has made (see addon.ts): a program of its own, linked statically, so that an
// emulator has nothing to emulate but that code and these few lines.
//
// It is the addon itself with another border: what publishes code, enters it and finds out how much stack there is, is that of
// native/mmap_exec.cc, which is included. Only what would call JavaScript is written here, and asks the other process.
#include "../../../native/mmap_exec.cc"

#include "wire.h"

namespace {

uint8_t* shared;

bool Whole(ssize_t moved, size_t wanted) { return moved == static_cast<ssize_t>(wanted); }

void Say(const Reply& reply) {
  if (!Whole(write(kReplyFd, &reply, sizeof reply), sizeof reply)) _exit(0);
}

/** The contexts that there are, by number. */
constexpr uint32_t kMaxContexts = 16;
Context contexts[kMaxContexts];

int32_t MakeContext(Instance* instance, uint32_t number, uint32_t offset, uint32_t bytes) {
  if (number >= kMaxContexts) return kOutOfRange;
  contexts[number] = {};
  contexts[number].instance = instance;
  contexts[number].memory = reinterpret_cast<Memory*>(shared + offset);
  contexts[number].bytes = bytes;
  SetHeap(&contexts[number]);
  return 0;
}

int32_t Reserve(Instance* instance, uint32_t bytes) {
  for (uint32_t i = 0; i < kMaxArenas; i++) {
    if (instance->arenas[i].base != nullptr) continue;
    if (ShouldFail(instance)) return kInjected;
    void* base = SystemReserve(bytes);
    if (base == nullptr) return -1000 - LastError();
    instance->arenas[i] = {static_cast<uint8_t*>(base), bytes};
    return static_cast<int32_t>(i);
  }
  return kOutOfRange;
}

int32_t PublishAt(Instance* instance, uint32_t index, uint32_t offset, uint32_t room, uint32_t bytes) {
  Arena* arena = FindArena(instance, index);
  if (!IsInside(arena, offset, room) || offset % kPage != 0 || room % kPage != 0 || bytes > room) return kOutOfRange;
  return Publish(instance, arena->base + offset, room, shared + kTransferAt, bytes);
}

int32_t Retire(Instance* instance, uint32_t index, uint32_t offset, uint32_t room) {
  Arena* arena = FindArena(instance, index);
  if (!IsInside(arena, offset, room)) return kOutOfRange;
  if (instance->active > 0) return kBusy;
  SystemDiscard(arena->base + offset, room);
  return 0;
}

/** Where columns are stands at the beginning of the transfer area, from the beginning of the shared memory. */
int32_t EnterColumns(Context* context, uint32_t count, uint32_t from, uint32_t to) {
  if (count == 0 || count > kMaxColumns) return kOutOfRange;
  Columns columns = {};
  columns.from = from;
  columns.to = to;
  memcpy(columns.addresses, shared + kTransferAt, 8 * count);
  for (uint32_t i = 0; i < count; i++) columns.addresses[i] += reinterpret_cast<uintptr_t>(shared);
  memcpy(reinterpret_cast<uint8_t*>(context->memory) + kColumnsAt, &columns, sizeof columns);
  Enter(context);
  return 0;
}

Instance instance;

int32_t Do(const Request& request) {
  const uint32_t* words = request.words;
  switch (static_cast<Op>(request.op)) {
    case Op::kProbe:
      return Probe(&instance);
    case Op::kReserve:
      return Reserve(&instance, words[0]);
    case Op::kPublish:
      return PublishAt(&instance, words[0], words[1], words[2], words[3]);
    case Op::kRetire:
      return Retire(&instance, words[0], words[1], words[2]);
    case Op::kContext:
      return MakeContext(&instance, words[0], words[1], words[2]);
    case Op::kEnter:
      Enter(&contexts[words[0] % kMaxContexts]);
      return 0;
    case Op::kEnterColumns:
      return EnterColumns(&contexts[words[0] % kMaxContexts], words[1], words[2], words[3]);
    case Op::kFailIn:
      instance.fail_in = words[0];
      return 0;
  }
  return kOutOfRange;
}

}  // namespace

// What the addon's `Look` calls of Node: the other process runs the function.
extern "C" {
napi_status napi_open_handle_scope(napi_env, napi_handle_scope*) { return napi_ok; }
napi_status napi_close_handle_scope(napi_env, napi_handle_scope) { return napi_ok; }
napi_status napi_get_reference_value(napi_env, napi_ref, napi_value*) { return napi_ok; }
napi_status napi_get_undefined(napi_env, napi_value*) { return napi_ok; }
napi_status napi_call_function(napi_env, napi_value, napi_value, size_t, const napi_value*, napi_value*) {
  Say({1, 0});
  return napi_ok;
}
napi_status napi_get_value_int32(napi_env, napi_value, int32_t* value) {
  if (!Whole(read(kRequestFd, value, sizeof *value), sizeof *value)) _exit(0);
  return napi_ok;
}
}

int main() {
  void* mapped = mmap(nullptr, kSharedBytes, PROT_READ | PROT_WRITE, MAP_SHARED, kMemoryFd, 0);
  if (mapped == MAP_FAILED) return 1;
  shared = static_cast<uint8_t*>(mapped);
  instance.stack_low = StackLow();
  instance.heap = {shared + kHeapAt, kHeapBytes};
  Request request;
  while (Whole(read(kRequestFd, &request, sizeof request), sizeof request)) Say({0, Do(request)});
  return 0;
}
