local function escape(cx, cy, most)
  local x, y = 0, 0
  for i = 0, most - 1 do
    local x2, y2 = x * x, y * y
    if x2 + y2 > 4 then return i end
    y = 2 * x * y + cy
    x = x2 - y2 + cx
  end
  return most
end

function run(n)
  local s = 0
  for row = 0, n - 1 do
    local cy = 2 * row / n - 1
    for column = 0, n - 1 do
      local cx = 2 * column / n - 1.5
      s = s + escape(cx, cy, 50)
    end
  end
  return s
end
