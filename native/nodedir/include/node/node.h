// cmake-js looks for a file of this name before it downloads Node's headers. An addon in plain Node-API needs this one only.
#include <node_api.h>
