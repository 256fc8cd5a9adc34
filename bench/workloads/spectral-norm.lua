local function cell(i, j)
  local d = i + j
  return 1 / (d * (d + 1) / 2 + i + 1)
end

local function times(u)
  local v = {}
  for i = 1, #u do
    local s = 0
    for j = 1, #u do s = s + cell(i - 1, j - 1) * u[j] end
    v[i] = s
  end
  return v
end

local function times_transposed(u)
  local v = {}
  for i = 1, #u do
    local s = 0
    for j = 1, #u do s = s + cell(j - 1, i - 1) * u[j] end
    v[i] = s
  end
  return v
end

function run(n)
  local u = {}
  for i = 1, n do u[i] = 1 end
  local v = {}
  for _ = 1, 10 do
    v = times_transposed(times(u))
    u = times_transposed(times(v))
  end
  local uv, vv = 0, 0
  for i = 1, n do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return math.sqrt(uv / vv)
end
