from math import sqrt

SOLAR_MASS = 4 * 3.141592653589793 * 3.141592653589793
YEAR = 365.24


class Body:
    __slots__ = ("x", "y", "z", "vx", "vy", "vz", "mass")

    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx * YEAR
        self.vy = vy * YEAR
        self.vz = vz * YEAR
        self.mass = mass * SOLAR_MASS


def planets():
    return [
        Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
        Body(
            4.841431442464721, -1.1603200440274284, -0.10362204447112311,
            0.001660076642744037, 0.007699011184197404, -0.0000690460016972063,
            0.0009547919384243266,
        ),
        Body(
            8.34336671824458, 4.124798564124305, -0.4035234171143214,
            -0.00276742510726411, 0.004998528012349172, 0.000023041729757376393,
            0.0002858859806661308,
        ),
        Body(
            12.894369562139131, -15.111151401698631, -0.22330757889265573,
            0.002964601375647616, 0.0023784717395948095, -0.000029658956854023756,
            0.00004366244043351563,
        ),
        Body(
            15.379697114850917, -25.919314609987964, 0.17925877295037118,
            0.0026806777249038932, 0.001628241700382423, -0.00009515922545197159,
            0.000051513890204661145,
        ),
    ]


def bring_to_rest(bodies):
    px = py = pz = 0.0
    for b in bodies:
        px += b.vx * b.mass
        py += b.vy * b.mass
        pz += b.vz * b.mass
    sun = bodies[0]
    sun.vx = -px / SOLAR_MASS
    sun.vy = -py / SOLAR_MASS
    sun.vz = -pz / SOLAR_MASS


def advance(bodies, dt):
    n = len(bodies)
    for i in range(n):
        a = bodies[i]
        for j in range(i + 1, n):
            b = bodies[j]
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            d2 = dx * dx + dy * dy + dz * dz
            mag = dt / (d2 * sqrt(d2))
            pull = b.mass * mag
            push = a.mass * mag
            a.vx -= dx * pull
            a.vy -= dy * pull
            a.vz -= dz * pull
            b.vx += dx * push
            b.vy += dy * push
            b.vz += dz * push
        a.x += dt * a.vx
        a.y += dt * a.vy
        a.z += dt * a.vz


def energy(bodies):
    e = 0.0
    n = len(bodies)
    for i in range(n):
        a = bodies[i]
        e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
        for j in range(i + 1, n):
            b = bodies[j]
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            e -= (a.mass * b.mass) / sqrt(dx * dx + dy * dy + dz * dz)
    return e


def run(n):
    bodies = planets()
    bring_to_rest(bodies)
    for _ in range(n):
        advance(bodies, 0.01)
    return energy(bodies)
