function make(i) {
  const cents = (i * 37) % 1000;
  return { id: i, item: `item ${i}`, price: cents / 4, count: 1 + (i % 5) };
}

export function run(n) {
  const orders = Array.from({ length: n }, (_, i) => make(i));
  const back = JSON.parse(JSON.stringify(orders));
  let total = 0;
  for (const o of back) {
    if (o.count > 1) total += o.price * o.count;
  }
  return total;
}
