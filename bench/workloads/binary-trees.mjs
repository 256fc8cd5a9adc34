function grow(depth) {
  if (depth === 0) return { left: null, right: null };
  return { left: grow(depth - 1), right: grow(depth - 1) };
}

function count(tree) {
  if (tree.left === null) return 1;
  return 1 + count(tree.left) + count(tree.right);
}

export function run(depth) {
  let s = 0;
  for (let d = 4; d < depth; d++) {
    for (let i = 0; i < 4; i++) s += count(grow(d));
  }
  return s;
}
