// What host.cc and runner.cc agree on: two processes, one of them emulated, that share memory and send each other words through pipes.
#ifndef ILO_WIRE_H
#define ILO_WIRE_H
#include <stdint.h>

/** Descriptors that the runner finds open: the shared memory, what it is asked, what it says. */
enum { kMemoryFd = 3, kRequestFd = 4, kReplyFd = 5 };

/** The shared memory. addon.ts has the same numbers. */
constexpr uint64_t kSharedBytes = 0x50000000;
constexpr uint64_t kTransferAt = 0x08000000;
constexpr uint64_t kHeapAt = 0x10000000;
constexpr uint64_t kHeapBytes = 0x40000000;

/** What is asked; addon.ts has the same numbers. */
enum class Op : uint32_t { kProbe, kReserve, kPublish, kRetire, kContext, kEnter, kEnterColumns, kFailIn };

struct Request {
  uint32_t op;
  uint32_t words[4];
};

/** `looks` is 1 when code wants JavaScript to look: then the answer, a word, is waited for. */
struct Reply {
  uint32_t looks;
  int32_t value;
};
#endif
