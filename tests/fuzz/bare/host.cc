// Node's side of runner.cc: starts it, shares memory with it, asks it and waits for what it says. An addon, because Node itself can neither map
// memory nor wait. One runner for a process; it ends with the thread that started it.
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

namespace {

constexpr size_t kMaxWords = 8;

int memory_fd = -1;
int request_fd = -1;
int reply_fd = -1;
pid_t runner = 0;
uint8_t* shared = nullptr;

napi_value Throw(napi_env env, const char* what) {
  napi_throw_error(env, nullptr, what);
  return nullptr;
}

/** What is left of the arguments as whole numbers. */
bool ReadNumbers(napi_env env, const napi_value* values, size_t count, uint64_t* to) {
  for (size_t i = 0; i < count; i++) {
    double value;
    if (napi_get_value_double(env, values[i], &value) != napi_ok || !(value >= 0 && value <= 4294967295.0)) return false;
    to[i] = static_cast<uint64_t>(value);
  }
  return true;
}

/** Only what may be called between fork and exec. The descriptors are moved out of the way of each other first. */
void Become(char** words, int requests, int replies) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int far[] = {fcntl(memory_fd, F_DUPFD, 16), fcntl(requests, F_DUPFD, 16), fcntl(replies, F_DUPFD, 16)};
  dup2(far[0], kMemoryFd);
  dup2(far[1], kRequestFd);
  dup2(far[2], kReplyFd);
  for (int fd = kReplyFd + 1; fd < 256; fd++) close(fd);
  execvp(words[0], words);
  _exit(127);
}

/** start(...words): starts a command. */
napi_value Start(napi_env env, napi_callback_info info) {
  napi_value values[kMaxWords];
  size_t given = kMaxWords;
  if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok || given == 0 || given > kMaxWords || runner != 0)
    return Throw(env, "start: bad arguments");
  static char texts[kMaxWords][4096];
  char* words[kMaxWords + 1] = {};
  for (size_t i = 0; i < given; i++) {
    if (napi_get_value_string_utf8(env, values[i], texts[i], sizeof texts[i], nullptr) != napi_ok)
      return Throw(env, "start: bad arguments");
    words[i] = texts[i];
  }
  memory_fd = memfd_create("ilo-bare", MFD_CLOEXEC);
  if (memory_fd < 0 || ftruncate(memory_fd, kSharedBytes) != 0) return Throw(env, "start: no shared memory");
  void* mapped = mmap(nullptr, kSharedBytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0);
  int requests[2], replies[2];
  if (mapped == MAP_FAILED || pipe2(requests, O_CLOEXEC) != 0 || pipe2(replies, O_CLOEXEC) != 0)
    return Throw(env, "start: no shared memory or pipe");
  shared = static_cast<uint8_t*>(mapped);
  runner = fork();
  if (runner == 0) Become(words, requests[0], replies[1]);
  close(requests[0]);
  close(replies[1]);
  request_fd = requests[1];
  reply_fd = replies[0];
  // Writing to a runner that has ended is an error here, not a signal.
  signal(SIGPIPE, SIG_IGN);
  return runner < 0 ? Throw(env, "start: no process") : nullptr;
}

/** view(offset, bytes): that part of the shared memory as an ArrayBuffer. Parts may not overlap. */
napi_value View(napi_env env, napi_callback_info info) {
  napi_value values[2], buffer;
  size_t given = 2;
  uint64_t numbers[2];
  if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok || given != 2 || shared == nullptr ||
      !ReadNumbers(env, values, 2, numbers) || numbers[0] + numbers[1] > kSharedBytes)
    return Throw(env, "view: bad arguments");
  if (napi_create_external_arraybuffer(env, shared + numbers[0], numbers[1], nullptr, nullptr, &buffer) != napi_ok)
    return nullptr;
  return buffer;
}

/** discard(offset, bytes): gives back that part of the memory; it reads as zero afterwards. */
napi_value Discard(napi_env env, napi_callback_info info) {
  napi_value values[2];
  size_t given = 2;
  uint64_t numbers[2];
  if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok || given != 2 ||
      !ReadNumbers(env, values, 2, numbers) ||
      fallocate(memory_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(numbers[0]),
                static_cast<off_t>(numbers[1])) != 0)
    return Throw(env, "discard: bad arguments");
  return nullptr;
}

/** seconds(): the processor time that the runner has taken. */
napi_value Seconds(napi_env env, napi_callback_info) {
  clockid_t clock;
  timespec time = {};
  if (runner > 0 && clock_getcpuclockid(runner, &clock) == 0) clock_gettime(clock, &time);
  napi_value result = nullptr;
  napi_create_double(env, static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9, &result);
  return result;
}

/** Says how the runner ended. */
napi_value Ended(napi_env env) {
  int status = 0;
  char text[80] = "the runner ended";
  if (runner > 0 && waitpid(runner, &status, 0) == runner) {
    if (WIFSIGNALED(status)) snprintf(text, sizeof text, "the runner was ended by signal %d", WTERMSIG(status));
    else snprintf(text, sizeof text, "the runner ended with code %d", WEXITSTATUS(status));
  }
  runner = -1;
  return Throw(env, text);
}

/** ask(look, op, a, b, c, d): what the runner answers. `look` is called as often as code wants it. */
napi_value Ask(napi_env env, napi_callback_info info) {
  napi_value values[6], result, receiver;
  size_t given = 6;
  uint64_t numbers[5];
  if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok || given != 6 ||
      !ReadNumbers(env, values + 1, 5, numbers))
    return Throw(env, "ask: bad arguments");
  Request request;
  request.op = static_cast<uint32_t>(numbers[0]);
  for (int i = 0; i < 4; i++) request.words[i] = static_cast<uint32_t>(numbers[i + 1]);
  if (runner <= 0 || write(request_fd, &request, sizeof request) != sizeof request) return Ended(env);
  for (;;) {
    Reply reply;
    if (read(reply_fd, &reply, sizeof reply) != sizeof reply) return Ended(env);
    if (reply.looks == 0) {
      napi_create_int32(env, reply.value, &result);
      return result;
    }
    int32_t answer = 1;
    napi_get_undefined(env, &receiver);
    if (napi_call_function(env, receiver, values[0], 0, nullptr, &result) != napi_ok ||
        napi_get_value_int32(env, result, &answer) != napi_ok)
      answer = 1;
    if (write(request_fd, &answer, sizeof answer) != sizeof answer) return Ended(env);
  }
}

}  // namespace

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback call;
  } rows[] = {{"start", Start}, {"view", View}, {"discard", Discard}, {"seconds", Seconds}, {"ask", Ask}};
  for (const auto& row : rows) {
    napi_value call;
    if (napi_create_function(env, row.name, NAPI_AUTO_LENGTH, row.call, nullptr, &call) == napi_ok)
      napi_set_named_property(env, exports, row.name, call);
  }
  return exports;
}
