// The ways into machine code that bench/fast-lane.mjs compares, all of them to the same few bytes in executable memory: tot of three doubles,
// as the engine `jit` would write it. Built against the headers of one version of Node.
//
// V8's declarations of fast API calls are not among those headers, but node exports the two constructors. What is declared here of them is no
// more than their names: the objects are memory of which only the constructors know the layout. The types of arguments are bytes: type, then
// (up to V8 13) how it repeats, and flags.
#include <node.h>
#include <node_api.h>
#include <string.h>
#include <sys/mman.h>

namespace v8 {

#if V8_MAJOR_VERSION >= 14
struct CTypeInfo { uint8_t type, flags; };
constexpr CTypeInfo TypeInfo(uint8_t type) { return {type, 0}; }
#else
struct CTypeInfo { uint8_t type, sequence, flags; };
constexpr CTypeInfo TypeInfo(uint8_t type) { return {type, 0, 0}; }
#endif

class CFunctionInfo {
 public:
#if V8_MAJOR_VERSION >= 12
  enum class Int64Representation : uint8_t { kNumber = 0 };
  CFunctionInfo(const CTypeInfo& result, unsigned int count, const CTypeInfo* arguments, Int64Representation);
#else
  CFunctionInfo(const CTypeInfo& result, unsigned int count, const CTypeInfo* arguments);
#endif
 private:
  uint64_t memory_[8];
};

class CFunction {
 public:
  CFunction(const void* address, const CFunctionInfo* info);
 private:
  uint64_t memory_[4];
};

}  // namespace v8

namespace {

constexpr uint8_t kFloat64 = 8;
constexpr uint8_t kV8Value = 10;

// mulsd xmm0, xmm1; movapd xmm1, xmm0; mulsd xmm1, xmm2; addsd xmm0, xmm1; ret
const uint8_t kCode[] = {0xf2, 0x0f, 0x59, 0xc1, 0x66, 0x0f, 0x28, 0xc8, 0xf2, 0x0f,
                         0x59, 0xca, 0xf2, 0x0f, 0x58, 0xc1, 0xc3};
using Tot = double (*)(double, double, double);

Tot PutCode() {
  void* at = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  memcpy(at, kCode, sizeof kCode);
  mprotect(at, 4096, PROT_READ | PROT_EXEC);
  return reinterpret_cast<Tot>(at);
}

Tot tot;
double* block;
double slow_calls;

// ---- through Node-API

napi_value WithArguments(napi_env env, napi_callback_info info) {
  napi_value values[3];
  size_t count = 3;
  double numbers[3];
  napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  for (int i = 0; i < 3; i++) napi_get_value_double(env, values[i], &numbers[i]);
  napi_value result;
  napi_create_double(env, tot(numbers[0], numbers[1], numbers[2]), &result);
  return result;
}

napi_value WithBlock(napi_env, napi_callback_info) {
  block[3] = tot(block[0], block[1], block[2]);
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  tot = PutCode();
  napi_value value;
  napi_create_function(env, "withArguments", NAPI_AUTO_LENGTH, WithArguments, nullptr, &value);
  napi_set_named_property(env, exports, "withArguments", value);
  napi_create_function(env, "withBlock", NAPI_AUTO_LENGTH, WithBlock, nullptr, &value);
  napi_set_named_property(env, exports, "withBlock", value);
  napi_create_arraybuffer(env, 32, reinterpret_cast<void**>(&block), &value);
  napi_set_named_property(env, exports, "block", value);

  // ---- through V8

  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  v8::Local<v8::Context> context = isolate->GetCurrentContext();
  static const v8::CTypeInfo arguments[] = {v8::TypeInfo(kV8Value), v8::TypeInfo(kFloat64), v8::TypeInfo(kFloat64),
                                            v8::TypeInfo(kFloat64)};
#if V8_MAJOR_VERSION >= 12
  static const v8::CFunctionInfo info(v8::TypeInfo(kFloat64), 4, arguments,
                                      v8::CFunctionInfo::Int64Representation::kNumber);
#else
  static const v8::CFunctionInfo info(v8::TypeInfo(kFloat64), 4, arguments);
#endif
  // The receiver comes in the first integer register, which the code does not look at.
  static const v8::CFunction fast(reinterpret_cast<void*>(tot), &info);
  auto slow = [](const v8::FunctionCallbackInfo<v8::Value>& call) {
    slow_calls++;
    v8::Local<v8::Context> here = call.GetIsolate()->GetCurrentContext();
    double numbers[3];
    for (int i = 0; i < 3; i++) numbers[i] = call[i]->NumberValue(here).FromMaybe(0);
    call.GetReturnValue().Set(tot(numbers[0], numbers[1], numbers[2]));
  };
  auto slowCalls = [](const v8::FunctionCallbackInfo<v8::Value>& call) { call.GetReturnValue().Set(slow_calls); };
  auto add = [&](const char* name, v8::Local<v8::FunctionTemplate> made) {
    napi_value function;
    v8::Local<v8::Function> local = made->GetFunction(context).ToLocalChecked();
    memcpy(&function, &local, sizeof function);
    napi_set_named_property(env, exports, name, function);
  };
  add("fast", v8::FunctionTemplate::New(isolate, slow, {}, {}, 0, v8::ConstructorBehavior::kThrow,
                                        v8::SideEffectType::kHasNoSideEffect, &fast));
  add("slowCalls", v8::FunctionTemplate::New(isolate, slowCalls));
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
