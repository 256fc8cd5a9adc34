// What Core's primitives are where Python's own operators are something else.
export const OPERATORS = `
def unsupported(place, operator, left, right):
    message = "unsupported operation: '" + operator + "' on " + describe(left) + " and " + describe(right)
    raise Fault("ILO-R004", message, place)


def are_numbers(left, right):
    return isinstance(left, float) and isinstance(right, float)


def are_texts(left, right):
    return isinstance(left, str) and isinstance(right, str)


def add(place, left, right):
    if are_numbers(left, right) or are_texts(left, right):
        return left + right
    if isinstance(left, List) and isinstance(right, List):
        return left.with_more(right.view()[:])
    unsupported(place, "+", left, right)


def subtract(place, left, right):
    return left - right if are_numbers(left, right) else unsupported(place, "-", left, right)


def multiply(place, left, right):
    return left * right if are_numbers(left, right) else unsupported(place, "*", left, right)


def divide(place, left, right):
    if not are_numbers(left, right):
        unsupported(place, "/", left, right)
    if right == 0:
        raise Fault("ILO-R003", "division by zero", place)
    return left / right


def negate(place, value):
    if not isinstance(value, float):
        raise Fault("ILO-R004", "cannot negate non-number: " + describe(value), place)
    return -value


def less(place, left, right):
    fits = are_numbers(left, right) or are_texts(left, right)
    return left < right if fits else unsupported(place, "<", left, right)


def less_or_equal(place, left, right):
    fits = are_numbers(left, right) or are_texts(left, right)
    return left <= right if fits else unsupported(place, "<=", left, right)


def greater(place, left, right):
    fits = are_numbers(left, right) or are_texts(left, right)
    return left > right if fits else unsupported(place, ">", left, right)


def greater_or_equal(place, left, right):
    fits = are_numbers(left, right) or are_texts(left, right)
    return left >= right if fits else unsupported(place, ">=", left, right)


def equal(left, right):
    """Numbers closer than 2^-52 are equal; lists, maps, records and results never are."""
    if isinstance(left, float):
        return isinstance(right, float) and abs(left - right) < 2.0**-52
    if left is None or isinstance(left, bool):
        return left is right
    return isinstance(left, str) and left == right


def appended(place, items, item):
    if not isinstance(items, List):
        unsupported(place, "+=", items, item)
    return items.with_more((item,))


def payload(value):
    return value.value if isinstance(value, (Ok, Err)) else value


def unwrap(place, value):
    if isinstance(value, Err):
        raise Fault("ILO-R026", "panic-unwrap: " + show(value.value), place)
    if value is None:
        raise Fault("ILO-R026", "panic-unwrap: expected value, got nil", place)
    return value.value if isinstance(value, Ok) else value


def filled(place, name, value):
    if value is EMPTY:
        raise Fault("ILO-R001", "undefined variable '" + name + "'", place)
    return value


def field_of(place, record, name):
    if not isinstance(record, Record):
        message = "cannot access field '" + name + "' on non-record (" + describe(record) + ")"
        raise Fault("ILO-R005", message, place)
    if name not in record.fields:
        raise Fault("ILO-R005", "no field '" + name + "' on record", place)
    return record.fields[name]


def field_or_nil(record, name):
    return record.fields.get(name) if isinstance(record, Record) else None


def fields_of(place, record, *names):
    if not isinstance(record, Record):
        raise Fault("ILO-R005", "destructure requires a record, got " + describe(record), place)
    return [field_of(place, record, name) for name in names]


def replaced(place, record, changes):
    """The record with some fields replaced."""
    if not isinstance(record, Record):
        raise Fault("ILO-R008", "'with' requires a record, got " + describe(record), place)
    return Record(record.type_name, {**record.fields, **changes})


def item_at(place, items, index):
    if not isinstance(items, List):
        raise Fault("ILO-R006", "index access on non-list (" + describe(items) + ")", place)
    if index >= items.length:
        message = "list index " + str(index) + " out of bounds (len " + str(items.length) + ")"
        raise Fault("ILO-R006", message, place)
    return items.view()[index]


def item_or_nil(items, index):
    return items.view()[index] if isinstance(items, List) and index < items.length else None


def each(place, items):
    """The items of a list, whatever becomes of its newer versions meanwhile."""
    if not isinstance(items, List):
        raise Fault("ILO-R007", "foreach requires a list, got " + describe(items), place)
    for index in range(items.length):
        yield items.view()[index]


def bound(place, which, value):
    if not isinstance(value, float):
        raise Fault("ILO-R007", "range " + which + " must be a number, got " + describe(value), place)
    return 0 if value != value else int(max(-(2.0**63), min(2.0**63, value)))


def whole_numbers(place, start, end):
    """The whole numbers from one to before another."""
    first = bound(place, "start", start)
    return map(float, range(first, bound(place, "end", end)))


def name_of(callee):
    """What a message calls a value that was meant as a function."""
    return callee if isinstance(callee, str) and len(callee) <= 40 else describe(callee)


def call(place, callee, arguments, fallback=""):
    """Calls what a value stands for: a builtin, or a function of the program, also by its name as text."""
    name = fallback
    if isinstance(callee, Function):
        name = callee.name
        arguments = [*arguments, *callee.captures]
    elif isinstance(callee, str) and callee in FUNCTIONS:
        name = callee
    if name in BUILTINS:
        return BUILTINS[name](place, *arguments)
    if name not in FUNCTIONS:
        raise Fault("ILO-R002", "undefined function: " + (name or name_of(callee)), place)
    function, _, parameters, captures, _, _ = FUNCTIONS[name]
    if len(arguments) != len(parameters) + captures:
        wrong_count(place, name, len(parameters), len(arguments) - captures)
    return function(*arguments)


def call_with(arguments, place, fallback, callee):
    return call(place, callee, arguments, fallback)


def wrong_count(place, name, wanted, got):
    raise Fault("ILO-R004", name + ": expected " + str(wanted) + " args, got " + str(got), place)
`;
