local function map(f, xs)
  local ys = {}
  for i, x in ipairs(xs) do ys[i] = f(x) end
  return ys
end

local function filter(f, xs)
  local ys = {}
  for _, x in ipairs(xs) do
    if f(x) then ys[#ys + 1] = x end
  end
  return ys
end

local function fold(f, xs, start)
  local result = start
  for _, x in ipairs(xs) do result = f(result, x) end
  return result
end

local function square(x) return x * x end
local function third(x) return x % 3 == 0 end
local function add(a, b) return a + b end

function run(n)
  local xs = {}
  for i = 0, n - 1 do xs[#xs + 1] = i + 1 end
  return fold(add, filter(third, map(square, xs)), 0)
end
