# What node-gyp reads about the Node that it builds for: nothing of it matters to an addon in plain Node-API.
{'target_defaults': {}, 'variables': {}}
