// What the addon asks of the operating system and of the processor, once for each of those it is built for: pages and who may do what with
// them, the end of the stack, the instruction cache, the processor's features. Nothing here knows what the pages are for.
//
// macOS and Windows compile by the rules of their manuals and were never run by us.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#include <windows.h>
#else
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>
#endif
#if defined(__APPLE__)
#include <libkern/OSCacheControl.h>
#endif
#if defined(_M_X64)
#include <intrin.h>
#elif defined(__x86_64__)
#include <cpuid.h>
#endif

namespace ilo {

constexpr size_t kPage = 65536;  // A multiple of every page size in use: 4 KB, 16 KB (macOS), 64 KB (some ARM64 Linux).

enum class Access { kNone, kWrite, kExecute };

inline int LastError() {
#if defined(_WIN32)
  return static_cast<int>(GetLastError());
#else
  return errno;
#endif
}

/** Address space without access; null when there is none. */
inline void* SystemReserve(size_t bytes) {
#if defined(_WIN32)
  return VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
#elif defined(__APPLE__) && defined(__aarch64__)
  // With MAP_JIT the thread, not the page, is switched between writing and executing.
  void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANON | MAP_JIT, -1, 0);
  return at == MAP_FAILED ? nullptr : at;
#else
  void* at = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
  return at == MAP_FAILED ? nullptr : at;
#endif
}

/** Memory for data that takes pages only where it is written to; null when there is none. */
inline void* SystemReserveHeap(size_t bytes) {
#if defined(_WIN32)
  return VirtualAlloc(nullptr, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
#else
#if !defined(MAP_NORESERVE)
#define MAP_NORESERVE 0
#endif
  void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? nullptr : at;
#endif
}

inline void SystemRelease(void* at, size_t bytes) {
#if defined(_WIN32)
  VirtualFree(at, 0, MEM_RELEASE);
  (void)bytes;
#else
  munmap(at, bytes);
#endif
}

/** 0, or the system's number for what is wrong. */
inline int SystemProtect(void* at, size_t bytes, Access access) {
#if defined(_WIN32)
  const DWORD flags[] = {PAGE_NOACCESS, PAGE_READWRITE, PAGE_EXECUTE_READ};
  DWORD before;
  return VirtualProtect(at, bytes, flags[static_cast<int>(access)], &before) ? 0 : LastError();
#elif defined(__APPLE__) && defined(__aarch64__)
  (void)at;
  (void)bytes;
  pthread_jit_write_protect_np(access != Access::kWrite);
  return 0;
#else
  const int flags[] = {PROT_NONE, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC};
  return mprotect(at, bytes, flags[static_cast<int>(access)]) == 0 ? 0 : LastError();
#endif
}

/** Lets the system have the pages back; they read as zero afterwards. */
inline void SystemDiscard(void* at, size_t bytes) {
#if defined(_WIN32) || (defined(__APPLE__) && defined(__aarch64__))
  (void)at;
  (void)bytes;
#else
  madvise(at, bytes, MADV_DONTNEED);
#endif
}

inline void FlushCode(void* at, size_t bytes) {
#if defined(_WIN32)
  FlushInstructionCache(GetCurrentProcess(), at, bytes);
#elif defined(__APPLE__)
  sys_icache_invalidate(at, bytes);
#else
  char* begin = static_cast<char*>(at);
  __builtin___clear_cache(begin, begin + bytes);
#endif
}

/** The lowest address of this thread's stack; 0 when it is not known. */
inline uintptr_t StackLow() {
#if defined(_WIN32)
  ULONG_PTR low = 0, high = 0;
  GetCurrentThreadStackLimits(&low, &high);
  return low;
#elif defined(__APPLE__)
  const pthread_t self = pthread_self();
  return reinterpret_cast<uintptr_t>(pthread_get_stackaddr_np(self)) - pthread_get_stacksize_np(self);
#else
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* low = nullptr;
  size_t bytes = 0;
  const int failed = pthread_attr_getstack(&attributes, &low, &bytes);
  pthread_attr_destroy(&attributes);
  return failed != 0 ? 0 : reinterpret_cast<uintptr_t>(low);
#endif
}

/** Bit 0: SSE4.1, 1: AVX, 2: AVX2, 3: FMA; what the system does not save counts as absent. */
inline uint32_t CpuFeatures() {
#if defined(__x86_64__) || defined(_M_X64)
  uint32_t a = 0, b1 = 0, b = 0, c = 0, d = 0, c1 = 0;
#if defined(_MSC_VER)
  int words[4];
  __cpuid(words, 1);
  c1 = static_cast<uint32_t>(words[2]);
  __cpuidex(words, 7, 0);
  b1 = static_cast<uint32_t>(words[1]);
#else
  if (__get_cpuid(1, &a, &b, &c1, &d) == 0) return 0;
  if (__get_cpuid_count(7, 0, &a, &b1, &c, &d) == 0) b1 = 0;
#endif
  (void)a, (void)b, (void)c, (void)d;
  uint32_t found = (c1 >> 19) & 1;
  const bool saved = (c1 >> 27) & 1;
  if (!saved) return found;
#if defined(_MSC_VER)
  const uint64_t state = _xgetbv(0);
#else
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  const uint64_t state = low;
#endif
  if ((state & 6) != 6) return found;
  found |= ((c1 >> 28) & 1) << 1;
  found |= ((b1 >> 5) & 1) << 2;
  found |= ((c1 >> 12) & 1) << 3;
  return found;
#else
  return 0;
#endif
}

}  // namespace ilo
