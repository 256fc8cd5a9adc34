// The functions of bench/batch.mjs as JavaScript loops over typed arrays: as one writes them, and at their best.
export function tot(p, q, r, out) {
  for (let i = 0; i < out.length; i++) {
    const s = p[i] * q[i];
    const t = s * r[i];
    out[i] = s + t;
  }
}

export function polynomial(x, _q, _r, out) {
  for (let i = 0; i < out.length; i++) {
    const a = x[i];
    let v = 1 / 16;
    v = v * a + 1 / 15;
    v = v * a + 1 / 14;
    v = v * a + 1 / 13;
    v = v * a + 1 / 12;
    v = v * a + 1 / 11;
    v = v * a + 1 / 10;
    v = v * a + 1 / 9;
    v = v * a + 1 / 8;
    v = v * a + 1 / 7;
    v = v * a + 1 / 6;
    v = v * a + 1 / 5;
    v = v * a + 1 / 4;
    v = v * a + 1 / 3;
    v = v * a + 1 / 2;
    v = v * a + 1 / 1;
    out[i] = v;
  }
}

export function cell(cx, cy, _r, out) {
  for (let i = 0; i < out.length; i++) {
    let x = 0;
    let y = 0;
    let k = 0;
    for (; k < 50; k++) {
      const x2 = x * x;
      const y2 = y * y;
      if (x2 + y2 > 4) break;
      y = 2 * (x * y) + cy[i];
      x = x2 - y2 + cx[i];
    }
    out[i] = k;
  }
}

/** V8 at its best: the arrays are constants of a module of their own, and what is called is inlined. */
export const BEST = {
  tot: 'const s=p[i]*q[i];out[i]=s+s*r[i];',
  polynomial: `const a=p[i];out[i]=${Array.from({ length: 15 }, (_, k) => `*a+${1 / (15 - k)}`).reduce((inner, term) => `(${inner}${term})`, '0.0625')};`,
  cell: 'const a=p[i],b=q[i];let x=0,y=0,k=0;for(;k<50;k++){const x2=x*x,y2=y*y;if(x2+y2>4)break;y=2*(x*y)+b;x=x2-y2+a}out[i]=k;',
};
