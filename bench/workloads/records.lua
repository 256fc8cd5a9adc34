local function make(i)
  return { x = i, y = i * 2, z = i + 1 }
end

function run(n)
  local ps = {}
  for i = 0, n - 1 do ps[#ps + 1] = make(i) end
  local s = 0
  for _, p in ipairs(ps) do
    local q = { x = p.x, y = p.y + 1, z = p.z }
    s = s + (q.x + q.y + q.z)
  end
  return s
end
