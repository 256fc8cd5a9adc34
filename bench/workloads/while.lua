function run(n)
  local most = 0
  for start = 1, n - 1 do
    local x = start
    local steps = 0
    while x > 1 do
      if x % 2 == 0 then x = x / 2 else x = 3 * x + 1 end
      steps = steps + 1
    end
    if steps > most then most = steps end
  end
  return most
end
