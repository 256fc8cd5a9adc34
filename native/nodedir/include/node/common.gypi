# What node-gyp includes into every build. Node's own file of this name configures Node itself; an addon in plain Node-API needs this only.
{
  'variables': {
    'visibility%': 'hidden',
    'library%': 'static_library',
  },
  'target_defaults': {
    'default_configuration': 'Release',
    'configurations': {
      'Debug': {'cflags': ['-g', '-O0']},
      'Release': {'cflags': ['-O2']},
    },
    'conditions': [
      ['OS!="win"', {'cflags': ['-fPIC'], 'ldflags': ['-pthread']}],
      ['OS=="mac"', {'xcode_settings': {'OTHER_LDFLAGS': ['-undefined dynamic_lookup']}}],
    ],
  },
}
