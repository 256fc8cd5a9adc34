-- A Lua program as a side of a comparison: see measured.mjs for what a side does. Arguments: the program, n.
dofile(arg[1])
local n = tonumber(arg[2])
local result
for _ = 1, 3 do result = run(n) end
local shown = type(result) == "number" and string.format("%.17g", result) or result
io.write('{"result":"', shown, '"}\n')
io.flush()
for line in io.lines() do
  local before = os.clock()
  for _ = 1, tonumber(line) do run(n) end
  io.write((os.clock() - before) * 1000, "\n")
  io.flush()
end
