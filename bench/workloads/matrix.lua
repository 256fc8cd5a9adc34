local function make(n, seed)
  local rows = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do row[j] = ((i - 1) * seed + (j - 1)) % 10 end
    rows[i] = row
  end
  return rows
end

local function product(a, b, n)
  local rows = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      local s = 0
      for k = 1, n do s = s + a[i][k] * b[k][j] end
      row[j] = s
    end
    rows[i] = row
  end
  return rows
end

function run(n)
  local c = product(make(n, 3), make(n, 7), n)
  local s = 0
  for _, row in ipairs(c) do
    for _, x in ipairs(row) do s = s + x end
  end
  return s
end
