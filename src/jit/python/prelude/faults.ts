// Faults, and what a builtin asks of its arguments.
export const FAULTS = String.raw`
class Fault(Exception):
    """What ends a program: a code, a message, and the place in the source that it was emitted from."""

    def __init__(self, code, message, place):
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place


def refuse(place, name, problem):
    """The fault of a builtin that was handed something it cannot work on."""
    goes_on = re.match(
        r"(requires|only supports|failed to|too large|width|pad char|headers|arg \d requires)\b", problem
    )
    raise Fault("ILO-R009", name + (" " if goes_on else ": ") + problem, place)


def misfit(place, name, what, wanted, value):
    if "requires" not in what:
        what += (" requires " if re.fullmatch(r"arg \d", what) else " must be ") + wanted
    refuse(place, name, what + ", got " + describe(value))


def want_number(place, name, what, value):
    if not isinstance(value, float):
        misfit(place, name, what, "a number", value)
    return value


def is_whole(number):
    return number - number == 0 and number == int(number)


def want_whole(place, name, what, value):
    want_number(place, name, what, value)
    if not is_whole(value):
        refuse(place, name, what + " must be an integer, got " + show_number(value))
    return int(value)


def want_positive(place, name, what, value):
    want_number(place, name, what, value)
    if not is_whole(value) or value <= 0:
        refuse(place, name, what + " must be a positive integer, got " + show_number(value))
    return int(value)


def want_text(place, name, what, value):
    if not isinstance(value, str):
        misfit(place, name, what, "text", value)
    return value


def want_list(place, name, what, value):
    if not isinstance(value, List):
        misfit(place, name, what, "a list", value)
    return value


def want_map(place, name, value):
    if not isinstance(value, Map):
        refuse(place, name, "expects a map, got " + describe(value))
    return value


def want_function(place, name, value, what="first arg"):
    if not isinstance(value, (Function, str)):
        refuse(place, name, what + " must be a function reference, got " + describe(value))
    return value


def want_numbers(place, name, value):
    """The numbers of a list, in a list of their own."""
    numbers = want_list(place, name, "arg", value).view()[:]
    for item in numbers:
        if not isinstance(item, float):
            refuse(place, name, "list elements must be numbers, got " + describe(item))
    return numbers


def want_key(place, name, value):
    """A key of a map: text, or a number rounded down."""
    if isinstance(value, str):
        return value
    if not isinstance(value, float):
        refuse(place, name, "key must be text or number, got " + describe(value))
    if value - value != 0:
        refuse(place, name, "numeric key must be finite, got " + show_number(value))
    return max(-(2.0**63), min(2.0**63, float(math.floor(value))))


def want_group_key(place, name, demand, value):
    if isinstance(value, bool):
        return show(value)
    if isinstance(value, (str, float)):
        return want_key(place, name, value)
    refuse(place, name, demand + ", got " + describe(value))
`;
