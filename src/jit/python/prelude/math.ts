// Elementary functions. ilo rounds them correctly, which Python's own do not promise: they are computed with decimals, which is slow and right.
export const MATH = `
def precisely(compute, *numbers):
    """The double nearest to what a function gives for decimals, of which it gets more digits than could ever matter."""
    with decimal.localcontext() as context:
        # A small number differs from its sine by its cube.
        context.prec = 80 + 3 * max(abs(decimal.Decimal(number).adjusted()) for number in numbers)
        context.Emax = decimal.MAX_EMAX
        context.Emin = decimal.MIN_EMIN
        return float(compute(*(decimal.Decimal(number) for number in numbers)))


def pi_in_decimals():
    """Machin's formula."""

    def arc_of_one_over(n):
        power = decimal.Decimal(1) / n
        result = power
        divisor = 1
        while True:
            power /= -n * n
            divisor += 2
            following = result + power / divisor
            if following == result:
                return result
            result = following

    return 4 * (4 * arc_of_one_over(5) - arc_of_one_over(239))


def sine_and_cosine(angle):
    quarter = pi_in_decimals() / 2
    turns = (angle / quarter).to_integral_value()
    rest = angle - turns * quarter

    def series(term, number):
        result = term
        while True:
            term *= -rest * rest / ((number + 1) * (number + 2))
            number += 2
            following = result + term
            if following == result:
                return result
            result = following

    sin, cos = series(rest, 1), series(decimal.Decimal(1), 0)
    return [(sin, cos), (cos, -sin), (-sin, -cos), (-cos, sin)][int(turns % 4)]


def arc_tangent(tangent):
    """Corrects what Python gives: the little that is missing needs few terms of the series."""
    known = decimal.Decimal(math.atan(float(tangent)))
    sin, cos = sine_and_cosine(known)
    rest = (tangent * cos - sin) / (cos + tangent * sin)
    return known + rest - rest * rest * rest / 3 + rest * rest * rest * rest * rest / 5


def sine(x):
    return NAN if x - x != 0 else x if x == 0 else precisely(lambda angle: sine_and_cosine(angle)[0], x)


def cosine(x):
    return NAN if x - x != 0 else precisely(lambda angle: sine_and_cosine(angle)[1], x)


def tangent_of(angle):
    sin, cos = sine_and_cosine(angle)
    return sin / cos


def ilo_sin(place, x):
    return sine(want_number(place, "sin", "requires a number", x))


def ilo_cos(place, x):
    return cosine(want_number(place, "cos", "requires a number", x))


def ilo_tan(place, x):
    want_number(place, "tan", "requires a number", x)
    return NAN if x - x != 0 else x if x == 0 else precisely(tangent_of, x)


def ilo_atan(place, x):
    want_number(place, "atan", "requires a number", x)
    if x != x or x == 0:
        return x
    return math.copysign(math.pi / 2, x) if abs(x) == INFINITY else precisely(arc_tangent, x)


def ilo_asin(place, x):
    want_number(place, "asin", "requires a number", x)
    if x != x or abs(x) > 1:
        return NAN
    if abs(x) == 1 or x == 0:
        return x * (math.pi / 2)
    return precisely(lambda sin: arc_tangent(sin / (1 - sin * sin).sqrt()), x)


def ilo_acos(place, x):
    want_number(place, "acos", "requires a number", x)
    if x != x or abs(x) > 1:
        return NAN
    if x == 0:
        return math.pi / 2
    if x == 1:
        return 0.0

    def arc_cosine(cos):
        angle = arc_tangent((1 - cos * cos).sqrt() / cos)
        return angle if cos > 0 else angle + pi_in_decimals()

    return precisely(arc_cosine, x)


def ilo_atan2(place, y, x):
    want_number(place, "atan2", "requires two numbers", y)
    want_number(place, "atan2", "requires two numbers", x)
    if x - x != 0 or y - y != 0 or x == 0 or y == 0:
        return math.atan2(y, x)

    def angle_of(up, right):
        angle = arc_tangent(up / right)
        return angle if right > 0 else angle + pi_in_decimals().copy_sign(up)

    return precisely(angle_of, y, x)


def ilo_exp(place, x):
    want_number(place, "exp", "requires a number", x)
    if x != x or x > 710:
        return x if x != x else INFINITY
    return 0.0 if x < -750 else precisely(lambda exponent: exponent.exp(), x)


def logarithm(place, name, compute, x):
    want_number(place, name, "requires a number", x)
    if x != x or x < 0:
        return NAN
    return -INFINITY if x == 0 else x if x == INFINITY else precisely(compute, x)


def ilo_log(place, x):
    return logarithm(place, "log", lambda power: power.ln(), x)


def ilo_log10(place, x):
    return logarithm(place, "log10", lambda power: power.log10(), x)


def ilo_log2(place, x):
    return logarithm(place, "log2", lambda power: power.ln() / decimal.Decimal(2).ln(), x)


def ilo_pow(place, base, exponent):
    want_number(place, "pow", "requires two numbers", base)
    want_number(place, "pow", "requires two numbers", exponent)
    if exponent == 0 or base == 1:
        return 1.0
    if base != base or exponent != exponent:
        return NAN
    size = abs(base)
    odd = exponent - exponent == 0 and abs(math.fmod(exponent, 2)) == 1
    sign = -1.0 if odd and math.copysign(1, base) < 0 else 1.0
    if size == 0 or size == INFINITY or exponent - exponent != 0:
        if size == 1:
            return 1.0
        return sign * (INFINITY if (size > 1) == (exponent > 0) else 0.0)
    if base < 0 and exponent != math.floor(exponent):
        return NAN
    estimate = exponent * math.log(size)
    if abs(estimate) > 760:
        return sign * (INFINITY if estimate > 0 else 0.0)
    return sign * precisely(lambda value, power: decimal.getcontext().power(value, power), size, exponent)
`;
