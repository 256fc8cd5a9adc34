// Loads the addon under whatever C library this is compiled against, and has it run its two-instruction probe. The part of Node is played by
// what Node-API calls on the way; everything else that it names is here only to be found.
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

typedef void *handle;
typedef handle (*callback)(handle env, handle info);

static callback probe;
static void *instance;
static double answer = -1;

int napi_set_instance_data(handle env, void *data, void *release, void *hint) { instance = data; return 0; }
int napi_get_instance_data(handle env, void **data) { *data = instance; return 0; }
int napi_create_function(handle env, const char *name, size_t length, callback call, void *data, handle *result) {
  if (strcmp(name, "probe") == 0) probe = call;
  *result = NULL;
  return 0;
}
int napi_create_double(handle env, double value, handle *result) { answer = value; *result = NULL; return 0; }
int napi_set_named_property(handle env, handle object, const char *name, handle value) { return 0; }
int napi_get_undefined(handle env, handle *result) { *result = NULL; return 0; }

#define UNUSED(name) int name(void) { return 1; }
UNUSED(napi_call_function)
UNUSED(napi_close_handle_scope)
UNUSED(napi_create_array_with_length)
UNUSED(napi_create_arraybuffer)
UNUSED(napi_create_external_arraybuffer)
UNUSED(napi_create_reference)
UNUSED(napi_get_array_length)
UNUSED(napi_get_cb_info)
UNUSED(napi_get_element)
UNUSED(napi_get_reference_value)
UNUSED(napi_get_typedarray_info)
UNUSED(napi_get_value_double)
UNUSED(napi_get_value_int32)
UNUSED(napi_is_typedarray)
UNUSED(napi_open_handle_scope)
UNUSED(napi_set_element)
UNUSED(napi_typeof)

int main(int count, char **words) {
  void *addon = dlopen(words[1], RTLD_NOW);
  if (addon == NULL) return printf("%s\n", dlerror()), 1;
  handle (*init)(handle env, handle exports) = (handle(*)(handle, handle))dlsym(addon, "napi_register_module_v1");
  if (init == NULL) return printf("%s\n", dlerror()), 1;
  init(NULL, NULL);
  if (probe == NULL) return printf("it has no probe\n"), 1;
  probe(NULL, NULL);
  printf("loaded; the probe answers %g\n", answer);
  return answer == 0 ? 0 : 1;
}
