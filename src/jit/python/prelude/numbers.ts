// Conversion and arithmetic on single numbers.
export const NUMBERS = String.raw`
def ilo_str(place, value):
    return show_number(want_number(place, "str", "requires a number", value), exact=False)


def ilo_num(place, value):
    text = want_text(place, "num", "requires text", value)
    decimal_number = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    if re.fullmatch(decimal_number + r"|(?i:[+-]?(?:inf|infinity|nan))", text):
        return Ok(float(text))
    return Err(text)


def ilo_abs(place, value):
    return abs(want_number(place, "abs", "requires a number", value))


def to_whole(cut, number):
    """Cuts to a whole number, which keeps the sign also when nothing else is left."""
    if number - number != 0 or abs(number) >= 2.0**52:
        return number
    return math.copysign(float(cut(number)), number)


def ilo_flr(place, value):
    return to_whole(math.floor, want_number(place, "flr", "requires a number", value))


def ilo_cel(place, value):
    return to_whole(math.ceil, want_number(place, "cel", "requires a number", value))


def ilo_rou(place, value):
    number = want_number(place, "rou", "requires a number", value)
    return number if number - number != 0 or number == int(number) else float(round(number))


def smaller(a, b):
    if a != a or b != b:
        return b if a != a else a
    return a if a < b or (a == b and math.copysign(1, a) < 0) else b


def larger(a, b):
    return -smaller(-a, -b)


def extreme(place, name, pick, values):
    if len(values) == 2:
        return pick(*(want_number(place, name, "requires two numbers", value) for value in values))
    items = want_list(place, name, "arg", values[0]).view()
    if not items:
        refuse(place, name, "cannot take " + name + " of an empty list")
    best = NAN
    for item in items:
        if not isinstance(item, float):
            refuse(place, name, "list elements must be numbers, got " + describe(item))
        if item != item:
            return item
        best = pick(best, item)
    return best


def ilo_min(place, *values):
    return extreme(place, "min", smaller, values)


def ilo_max(place, *values):
    return extreme(place, "max", larger, values)


def ilo_mod(place, a, b):
    want_number(place, "mod", "requires two numbers", a)
    want_number(place, "mod", "requires two numbers", b)
    if b == 0:
        raise Fault("ILO-R003", "modulo by zero", place)
    return NAN if a - a != 0 or b != b else math.fmod(a, b)


def ilo_clamp(place, value, low, high):
    for number in (value, low, high):
        want_number(place, "clamp", "requires three numbers", number)
    return larger(smaller(value, high), low)


def ilo_sqrt(place, value):
    number = want_number(place, "sqrt", "requires a number", value)
    return math.sqrt(number) if number >= 0 else NAN


def ilo_fmt2(place, value, digits):
    number = want_number(place, "fmt2", "requires two numbers (x, digits)", value)
    decimals = want_number(place, "fmt2", "requires two numbers (x, digits)", digits)
    decimals = min(20, max(0, int(decimals))) if decimals - decimals == 0 else 0
    return "NaN" if number != number else format(number, "." + str(decimals) + "f")
`;
