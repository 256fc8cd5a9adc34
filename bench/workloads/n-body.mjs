const SOLAR_MASS = 4 * Math.PI * Math.PI;
const YEAR = 365.24;

function planets() {
  return [
    { x: 0, y: 0, z: 0, vx: 0, vy: 0, vz: 0, mass: SOLAR_MASS },
    {
      x: 4.841431442464721,
      y: -1.1603200440274284,
      z: -0.10362204447112311,
      vx: 0.001660076642744037 * YEAR,
      vy: 0.007699011184197404 * YEAR,
      vz: -0.0000690460016972063 * YEAR,
      mass: 0.0009547919384243266 * SOLAR_MASS,
    },
    {
      x: 8.34336671824458,
      y: 4.124798564124305,
      z: -0.4035234171143214,
      vx: -0.00276742510726411 * YEAR,
      vy: 0.004998528012349172 * YEAR,
      vz: 0.000023041729757376393 * YEAR,
      mass: 0.0002858859806661308 * SOLAR_MASS,
    },
    {
      x: 12.894369562139131,
      y: -15.111151401698631,
      z: -0.22330757889265573,
      vx: 0.002964601375647616 * YEAR,
      vy: 0.0023784717395948095 * YEAR,
      vz: -0.000029658956854023756 * YEAR,
      mass: 0.00004366244043351563 * SOLAR_MASS,
    },
    {
      x: 15.379697114850917,
      y: -25.919314609987964,
      z: 0.17925877295037118,
      vx: 0.0026806777249038932 * YEAR,
      vy: 0.001628241700382423 * YEAR,
      vz: -0.00009515922545197159 * YEAR,
      mass: 0.000051513890204661145 * SOLAR_MASS,
    },
  ];
}

function bringToRest(bodies) {
  let px = 0;
  let py = 0;
  let pz = 0;
  for (const b of bodies) {
    px += b.vx * b.mass;
    py += b.vy * b.mass;
    pz += b.vz * b.mass;
  }
  const sun = bodies[0];
  sun.vx = -px / SOLAR_MASS;
  sun.vy = -py / SOLAR_MASS;
  sun.vz = -pz / SOLAR_MASS;
}

function advance(bodies, dt) {
  const n = bodies.length;
  for (let i = 0; i < n; i++) {
    const a = bodies[i];
    for (let j = i + 1; j < n; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const d2 = dx * dx + dy * dy + dz * dz;
      const mag = dt / (d2 * Math.sqrt(d2));
      const pull = b.mass * mag;
      const push = a.mass * mag;
      a.vx -= dx * pull;
      a.vy -= dy * pull;
      a.vz -= dz * pull;
      b.vx += dx * push;
      b.vy += dy * push;
      b.vz += dz * push;
    }
    a.x += dt * a.vx;
    a.y += dt * a.vy;
    a.z += dt * a.vz;
  }
}

function energy(bodies) {
  let e = 0;
  const n = bodies.length;
  for (let i = 0; i < n; i++) {
    const a = bodies[i];
    e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (let j = i + 1; j < n; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      e -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return e;
}

export function run(n) {
  const bodies = planets();
  bringToRest(bodies);
  for (let i = 0; i < n; i++) advance(bodies, 0.01);
  return energy(bodies);
}
