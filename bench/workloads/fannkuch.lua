local function flips(perm)
  local count = 0
  local first = perm[1]
  while first > 1 do
    local i, j = 1, first
    while i < j do
      perm[i], perm[j] = perm[j], perm[i]
      i, j = i + 1, j - 1
    end
    count = count + 1
    first = perm[1]
  end
  return count
end

local function copy(xs)
  local ys = {}
  for i = 1, #xs do ys[i] = xs[i] end
  return ys
end

function run(n)
  local perm, left = {}, {}
  for i = 1, n do
    perm[i] = i
    left[i] = i
  end
  local checksum, most, even, r = 0, 0, true, n
  while true do
    while r > 1 do
      left[r] = r
      r = r - 1
    end
    local count = flips(copy(perm))
    if count > most then most = count end
    if even then checksum = checksum + count else checksum = checksum - count end
    even = not even
    while true do
      if r == n then return checksum * 100 + most end
      local first = perm[1]
      for i = 1, r do perm[i] = perm[i + 1] end
      perm[r + 1] = first
      left[r + 1] = left[r + 1] - 1
      if left[r + 1] > 0 then break end
      r = r + 1
    end
  end
end
