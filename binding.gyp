# The addon by node-gyp:  npx node-gyp rebuild --nodedir=native/nodedir
# Headers come from the package node-api-headers, and native/nodedir holds what node-gyp wants besides: nothing is downloaded.
{
  'targets': [
    {
      'target_name': 'ilo',
      'sources': ['native/mmap_exec.cc'],
      'include_dirs': ["<!(node -p \"require('node-api-headers').include_dir\")"],
      'defines': ['NAPI_VERSION=8'],
      'conditions': [
        ['OS=="linux"', {
          'cflags_cc': ['-std=c++17', '-O2', '-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-fno-stack-protector', '-Wall', '-Wextra'],
          # No library is named, so that any C library that the process has will do: its symbols are asked for without versions.
          'defines!': ['_FILE_OFFSET_BITS=64', '_LARGEFILE_SOURCE'],
          'ldflags': ['-nodefaultlibs', '-Wl,-z,noexecstack', '-Wl,-z,now', '-s'],
          'libraries': ['-lgcc'],
        }],
        ['OS=="mac"', {
          'xcode_settings': {
            'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
            'GCC_ENABLE_CPP_EXCEPTIONS': 'NO',
            'GCC_ENABLE_CPP_RTTI': 'NO',
            'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
            'MACOSX_DEPLOYMENT_TARGET': '11.0',
          },
        }],
        ['OS=="win"', {
          'msvs_settings': {'VCCLCompilerTool': {'AdditionalOptions': ['/std:c++17', '/W4']}},
        }],
      ],
    },
  ],
}
