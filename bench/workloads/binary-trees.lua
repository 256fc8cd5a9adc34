local function grow(depth)
  if depth == 0 then return {} end
  return { left = grow(depth - 1), right = grow(depth - 1) }
end

local function count(tree)
  if tree.left == nil then return 1 end
  return 1 + count(tree.left) + count(tree.right)
end

function run(depth)
  local s = 0
  for d = 4, depth - 1 do
    for _ = 1, 4 do s = s + count(grow(d)) end
  end
  return s
end
