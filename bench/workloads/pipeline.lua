local function scale(x) return x * 3 end
local function shift(x) return x + 7 end
local function wrap(x) return x % 1000 end
local function mirror(x) return 1000 - x end

function run(n)
  local s = 0
  for i = 0, n - 1 do
    local v = mirror(wrap(shift(scale(i))))
    s = s + v
  end
  return s
end
