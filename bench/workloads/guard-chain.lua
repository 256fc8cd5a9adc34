local function grade(points)
  if points >= 90 then return 1 end
  if points >= 80 then return 2 end
  if points >= 70 then return 3 end
  if points >= 60 then return 4 end
  if points >= 50 then return 5 end
  if points >= 40 then return 6 end
  if points >= 30 then return 7 end
  if points >= 20 then return 8 end
  if points >= 10 then return 9 end
  return 10
end

function run(n)
  local s = 0
  for i = 0, n - 1 do s = s + grade(i % 100) end
  return s
end
