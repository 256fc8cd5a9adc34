// The kinds of values that Python has not. Python's truth is ilo's for all of them: a list without items is false, everything else true.
export const VALUES = `
INFINITY = float("inf")


NAN = float("nan")


class List:
    """A list that nobody sees change. The newest version owns the items; an older one knows how to get back to itself
    from the next, and copies when it is asked for an item."""

    __slots__ = ("items", "newer", "change", "length")

    def __init__(self, items):
        self.items = items
        self.length = len(items)

    def __len__(self):
        return self.length

    def view(self):
        """The items, to be looked at before anything else happens."""
        if self.items is None:
            path = []
            version = self
            while version.items is None:
                path.append(version.change)
                version = version.newer
            items = version.items[:]
            for index, item in reversed(path):
                if index is None:
                    del items[item:]
                else:
                    items[index] = item
            self.items = items
            self.newer = self.change = None
        return self.items

    def hand_over(self, items, index, item):
        newer = List(items)
        self.items = None
        self.newer = newer
        self.change = (index, item)
        return newer

    def with_more(self, more):
        items = self.view()
        if not more:
            return self
        items.extend(more)
        return self.hand_over(items, None, self.length)

    def with_item(self, index, item):
        items = self.view()
        old = items[index]
        items[index] = item
        return self.hand_over(items, index, old)


class Map:
    """A map from text or whole numbers to values; its versions work as those of List."""

    __slots__ = ("entries", "newer", "change", "size")

    def __init__(self, entries):
        self.entries = entries
        self.size = len(entries)

    def view(self):
        if self.entries is None:
            path = []
            version = self
            while version.entries is None:
                path.append(version.change)
                version = version.newer
            entries = version.entries.copy()
            for key, was_there, value in reversed(path):
                if was_there:
                    entries[key] = value
                else:
                    del entries[key]
            self.entries = entries
            self.newer = self.change = None
        return self.entries

    def changed(self, key, change):
        entries = self.view()
        undo = (key, key in entries, entries.get(key))
        change(entries)
        newer = Map(entries)
        self.entries = None
        self.newer = newer
        self.change = undo
        return newer

    def sorted_keys(self):
        """Numbers first, then texts."""
        return sorted(self.view(), key=lambda key: (1, key) if isinstance(key, str) else (0, key))


class Record:
    __slots__ = ("type_name", "fields")

    def __init__(self, type_name, fields):
        self.type_name = type_name
        self.fields = fields


class Ok:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Err:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Function:
    """A function as a value: its name, and the values that it has taken along."""

    __slots__ = ("name", "captures")

    def __init__(self, name, captures=()):
        self.name = name
        self.captures = captures


class Empty:
    """What a variable holds before it has a value."""


EMPTY = Empty()


def digits_of(size):
    """The fewest digits that tell a number above 0 apart, and where its point stands: 0.DIGITS times ten to that power."""
    mantissa, _, exponent = repr(size).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    return digits.rstrip("0"), point


def show_number(number, exact=True):
    """Decimal, never with an exponent; whole numbers of up to 64 bits in full, unless the fewest digits are wanted."""
    if number != number:
        return "NaN"
    sign = "-" if number < 0 else ""
    size = abs(number)
    if size == INFINITY:
        return sign + "inf"
    if size == int(size) and size < (2.0**63 if exact else 2.0**53):
        return sign + str(int(size))
    digits, point = digits_of(size)
    if point <= 0:
        return sign + "0." + "0" * -point + digits
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return sign + digits[:point] + "." + digits[point:]


def show(value):
    """A value as ilo prints it."""
    if isinstance(value, str):
        return value
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return show_number(value)
    if isinstance(value, List):
        return "[" + ", ".join(map(show, value.view())) + "]"
    if isinstance(value, Map):
        entries = value.view()
        return "{" + "; ".join(show(key) + ": " + show(entries[key]) for key in value.sorted_keys()) + "}"
    if isinstance(value, Record):
        fields = ", ".join(name + ": " + show(part) for name, part in value.fields.items())
        return value.type_name + " {" + fields + "}"
    if isinstance(value, Ok):
        return "~" + show(value.value)
    if isinstance(value, Err):
        return "^" + show(value.value)
    if value.captures:
        return "<closure:" + value.name + "[" + ", ".join(map(show, value.captures)) + "]>"
    return "<fn:" + value.name + ">"


def kind_of(value):
    if value is None:
        return "nil"
    kinds = {str: "text", bool: "bool", float: "number", List: "list", Map: "map", Record: "record", Function: "function"}
    return kinds.get(type(value), "result")


def describe(value):
    """A short picture of a value for messages."""
    if value is None:
        return "nil"
    if not isinstance(value, (str, bool, float)):
        return "a " + kind_of(value)
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else show(value)
    return kind_of(value) + " " + (text[:40] + "…" if len(text) > 40 else text)
`;
