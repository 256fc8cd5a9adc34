-- `run` of a Lua program, timed call by call: prints its result, and the nanoseconds of the fastest and of the middle one of many calls.
-- Arguments: the program, n, how many calls. Wants LuaJIT, whose library for C functions reads the clock.
local ffi = require("ffi")
ffi.cdef("struct time { long seconds, nanoseconds; }; int clock_gettime(int clock, struct time *now);")
local now = ffi.new("struct time")
local function nanoseconds()
  ffi.C.clock_gettime(1, now)
  return tonumber(now.seconds) * 1e9 + tonumber(now.nanoseconds)
end
dofile(arg[1])
local n, samples = tonumber(arg[2]), tonumber(arg[3])
local result
for _ = 1, 5 do result = run(n) end
local times = {}
for i = 1, samples do
  local start = nanoseconds()
  result = run(n)
  times[i] = nanoseconds() - start
end
table.sort(times)
io.write(string.format('{"result":%.17g,"fastest":%.0f,"median":%.0f}\n', result, times[1], times[math.floor(samples / 2) + 1]))
