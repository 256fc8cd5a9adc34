// Fifteen shapes of ilo source, each a function from a size in bytes to a program of about that size.
function repeat(size, piece, join = '\n') {
  const parts = [];
  let length = 0;
  for (let i = 0; length < size; i++) {
    const part = piece(i);
    parts.push(part);
    length += part.length + join.length;
  }
  return parts.join(join);
}

/** A different name for every number: base 26, its digits written as letters. */
const name = i => `zz${i.toString(26).replace(/[0-9]/g, digit => 'qrstuvwxyz'[digit])}`;

export const SHAPES = {
  'many functions': size => repeat(size, i => `${name(i)} p:n q:n r:n>n;s=*p q;t=*s r;+s t`),
  'one long line': size => `main>n;x=1;${repeat(size, i => `x=+x ${i}`, ';')};x`,
  'one long body': size => `main>n\n  x=1\n${repeat(size, i => `  x=+x ${i}`)}\n  x\n`,
  'a long list': size => `main>L n;[${repeat(size, i => String(i), ' ')}]`,
  'a long list of text': size => `main>L t;[${repeat(size, i => `"item number ${i}"`, ', ')}]`,
  'one long string': size => `main>t;"${'lorem ipsum \\n'.repeat(size / 13)}"`,
  'many comments': size => repeat(size, i => `-- what the next function does, number ${i}\n${name(i)} x:n>n;+x 1`),
  'deep nesting': size => repeat(size, i => `${name(i)} x:n>n;${'+1 '.repeat(60)}${'('.repeat(60)}x${')'.repeat(60)}`),
  'nested lists': size => repeat(size, i => `${name(i)}>L _;${'['.repeat(50)}1${']'.repeat(50)}`),
  'guard chains': size => repeat(size, i => `${name(i)} x:n>t;>=x 90 "a";>=x 80 "b";>=x 70 "c";"d"`),
  'match arms': size => `main x:t>n;?x{${repeat(size, i => `"key${i}":${i}`, ';')};_:0}`,
  loops: size => repeat(size, i => `${name(i)} xs:L n>n;s=0;@x xs{@i 0..x{>i 3{s=+s i}}};s`),
  lambdas: size => repeat(size, i => `${name(i)} xs:L n k:n>L n;map (x:n>n;*x k) xs`),
  'records and fields': size =>
    `type pt{x:n;y:n}\n${repeat(size, i => `${name(i)} a:pt>pt;b=a with x:${i};s=+a.x b.x;pt x:s y:a.y`)}`,
  'calls and pipes': size => repeat(size, i => `${name(i)} t:t>n;s=trm t;n=len s;m=max n ${i};(str m>>trm>>len)`),
};
