// The ladder of engines as a picture: bars on a logarithmic scale, the fastest engine's bar shortest. Text stays text, colours
// follow the reader's light or dark scheme, nothing is loaded from elsewhere.
import { log10 } from '../core/math/exponential.ts';
import { pow } from '../core/math/power.ts';

export interface Bar {
  readonly label: string;
  /** Nanoseconds. */
  readonly value: number;
  /** What stands behind the bar besides the time. */
  readonly note: string;
}

const WIDTH = 720;
const LEFT = 96;
const RIGHT = 170;
const TOP = 64;
const ROW = 30;
const BAR = 18;

const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: 600 }
  .small { font-size: 11px; fill: #57606a }
  .grid { stroke: #d0d7de }
  .bar { fill: #4078c0 }
  .best { fill: #2da44e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .grid { stroke: #3d444d }
    .bar { fill: #6ca4f0 }
    .best { fill: #3fb950 }
  }
`;

/** The picture as an SVG document. `bars` is not empty. */
export function drawBars(title: string, subtitle: string, bars: readonly Bar[]): string {
  const values = bars.map(({ value }) => value);
  const fastest = Math.min(...values);
  // Whole powers of ten at both ends, and a bar for the fastest too.
  const low = Math.ceil(log10(fastest)) - 1;
  const high = Math.max(low + 1, Math.ceil(log10(Math.max(...values))));
  const space = WIDTH - LEFT - RIGHT;
  const x = (value: number): number => round(LEFT + (space * (log10(value) - low)) / (high - low));
  const bottom = TOP + bars.length * ROW;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 34}" width="${WIDTH}" height="${bottom + 34}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="16" y="26">${escapeXml(title)}</text>`,
    `<text class="small" x="16" y="44">${escapeXml(subtitle)}</text>`,
  ];
  for (let power = low; power <= high; power++) {
    const at = x(pow(10, power));
    parts.push(`<line class="grid" x1="${at}" y1="${TOP - 4}" x2="${at}" y2="${bottom}"/>`);
    parts.push(
      `<text class="small" x="${at}" y="${bottom + 16}" text-anchor="middle">${showTime(pow(10, power))}</text>`,
    );
  }
  for (const [row, { label, value, note }] of bars.entries()) {
    const y = TOP + row * ROW + (ROW - BAR) / 2;
    const end = x(value);
    const base = y + BAR - 5;
    parts.push(`<text x="${LEFT - 10}" y="${base}" text-anchor="end">${escapeXml(label)}</text>`);
    parts.push(
      `<rect class="${value === fastest ? 'bar best' : 'bar'}" x="${LEFT}" y="${y}" width="${round(end - LEFT)}" height="${BAR}" rx="3"/>`,
    );
    parts.push(
      `<text x="${end + 8}" y="${base}">${showTime(value)} <tspan class="small">${escapeXml(note)}</tspan></text>`,
    );
  }
  return `${parts.join('\n')}\n</svg>\n`;
}

/** A time as people write it, with three digits. */
export function showTime(nanoseconds: number): string {
  const units = ['ns', 'µs', 'ms', 's'];
  let value = nanoseconds;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  const visible = [...text].map(char => (char < ' ' ? ' ' : char)).join('');
  return visible.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
