#include <math.h>

typedef struct {
  double x, y, z, vx, vy, vz, mass;
} body;

static const double solar_mass = 39.47841760435743, year = 365.24;

static void advance(body *bodies, int n, double dt) {
  for (int i = 0; i < n; i++) {
    body *a = &bodies[i];
    for (int j = i + 1; j < n; j++) {
      body *b = &bodies[j];
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      double d2 = dx * dx + dy * dy + dz * dz;
      double mag = dt / (d2 * sqrt(d2));
      double pull = b->mass * mag, push = a->mass * mag;
      a->vx -= dx * pull, a->vy -= dy * pull, a->vz -= dz * pull;
      b->vx += dx * push, b->vy += dy * push, b->vz += dz * push;
    }
    a->x += dt * a->vx, a->y += dt * a->vy, a->z += dt * a->vz;
  }
}

static double energy(const body *bodies, int n) {
  double e = 0;
  for (int i = 0; i < n; i++) {
    const body *a = &bodies[i];
    e += 0.5 * (a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz));
    for (int j = i + 1; j < n; j++) {
      const body *b = &bodies[j];
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      e -= a->mass * b->mass / sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return e;
}

double run(double n) {
  double y = year, m = solar_mass;
  body bodies[] = {
      {0, 0, 0, 0, 0, 0, m},
      {4.841431442464721, -1.1603200440274284, -0.10362204447112311, 0.001660076642744037 * y, 0.007699011184197404 * y,
       -0.0000690460016972063 * y, 0.0009547919384243266 * m},
      {8.34336671824458, 4.124798564124305, -0.4035234171143214, -0.00276742510726411 * y, 0.004998528012349172 * y,
       0.000023041729757376393 * y, 0.0002858859806661308 * m},
      {12.894369562139131, -15.111151401698631, -0.22330757889265573, 0.002964601375647616 * y,
       0.0023784717395948095 * y, -0.000029658956854023756 * y, 0.00004366244043351563 * m},
      {15.379697114850917, -25.919314609987964, 0.17925877295037118, 0.0026806777249038932 * y,
       0.001628241700382423 * y, -0.00009515922545197159 * y, 0.000051513890204661145 * m},
  };
  double px = 0, py = 0, pz = 0;
  for (int i = 0; i < 5; i++) {
    px += bodies[i].vx * bodies[i].mass, py += bodies[i].vy * bodies[i].mass, pz += bodies[i].vz * bodies[i].mass;
  }
  bodies[0].vx = -px / m, bodies[0].vy = -py / m, bodies[0].vz = -pz / m;
  for (double step = 0; step < n; step++) advance(bodies, 5, 0.01);
  return energy(bodies, 5);
}
