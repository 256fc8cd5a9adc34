function run(n)
  local parts = {}
  for i = 0, n - 1 do parts[#parts + 1] = i .. "," end
  return table.concat(parts)
end
