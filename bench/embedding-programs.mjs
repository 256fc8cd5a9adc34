// The programs of the embedding benchmark, the same in ilo, JavaScript and Lua.

/** Ten lines. */
export const ORDER_ILO = `type item{name:t;price:n;qty:n}
line i:item>n;*i.price i.qty
discount total:n>n;>total 100 *total 0.9;total
tax total:n>n;*total 1.2
label total:n>t;fmt "total {}" total
order a:n b:n>t
  xs=[item name:"a" price:a qty:2, item name:"b" price:b qty:3]
  ls=map line xs
  s=sum ls;d=discount s;t=tax d
  label t`;

/** The same with a loop in place of map and sum. */
export const LOOP_ILO = ORDER_ILO.replace('  ls=map line xs\n', '  s=0;@x xs{v=line x;s=+s v}\n').replace(
  's=sum ls;',
  '',
);

/** In one function: top-level functions of a script are properties of its global object, which is slow in node:vm. */
export const orderJs = salt => `(() => {
const line = i => i.price * i.qty;
const discount = total => (total > 100 ? total * 0.9 : total);
const tax = total => total * 1.2;
const label = total => 'total ' + total;
const x${salt} = () => 1;
const order = (a, b) => {
  const xs = [{ name: 'a', price: a, qty: 2 }, { name: 'b', price: b, qty: 3 }];
  const s = xs.map(line).reduce((x, y) => x + y, 0);
  return label(tax(discount(s)));
};
return order(10, 20); })()`;

export const TOT_ILO = 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t';
export const TOT_JS = '(p, q, r) => { const s = p * q; const t = s * r; return s + t; }';
export const TOT_LUA = 'function tot(p, q, r) local s = p * q; local t = s * r; return s + t end';

/** A branch that is never taken makes it too large for V8 to inline. */
export const TOT_JS_LARGE = `(p, q, r) => {
  if (p < 0) { ${'p = p * q + r; '.repeat(80)} }
  const s = p * q; const t = s * r; return s + t;
}`;

/** A crossing in either direction. */
export const ROWS_ILO = `type row{id:n;name:t;price:n}
count xs:L row>n;len xs
rows n:n>L row;map (i:n>row;s=str i;p=/i 3;row id:i name:s price:p) (range 0 n)`;
