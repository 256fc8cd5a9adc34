function run(n)
  local counts = {}
  for i = 0, n - 1 do
    local key = tostring((i * 7919) % 1009)
    counts[key] = (counts[key] or 0) + 1
  end
  local s = 0
  for _, c in pairs(counts) do s = s + c * c end
  return s
end
