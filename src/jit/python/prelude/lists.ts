// Lists, and what lists share with text.
export const LISTS = `
def want_list_or_text(place, name, value):
    if not isinstance(value, (List, str)):
        refuse(place, name, "requires a list or text, got " + describe(value))
    return value


def cut(value, start, end):
    """The items or characters from one to before another, both of them at or above 0."""
    if isinstance(value, List):
        return value if start == 0 and end >= value.length else List(value.view()[start:end])
    return value[start:end]


def ilo_len(place, value):
    if isinstance(value, str):
        return float(len(value.encode("utf-8", "surrogatepass")))
    if isinstance(value, List):
        return float(value.length)
    if isinstance(value, Map):
        return float(value.size)
    refuse(place, "len", "requires string, list, or map, got " + describe(value))


def ilo_at(place, value, position):
    if want_number(place, "at", "index", position) != position:
        refuse(place, "at", "index must be a number, got NaN")
    want_list_or_text(place, "at", value)
    length = len(value)
    index = position if position - position != 0 else math.floor(position)
    if not -length <= index < length:
        kind = "list" if isinstance(value, List) else "text"
        where = "index " + show_number(float(index)) + " out of range for " + kind + " of length " + str(length)
        refuse(place, "at", where)
    return value.view()[index] if isinstance(value, List) else value[index]


def ilo_hd(place, value):
    if not want_list_or_text(place, "hd", value):
        refuse(place, "hd", "empty list" if isinstance(value, List) else "empty text")
    return value.view()[0] if isinstance(value, List) else value[0]


def ilo_tl(place, value):
    if not want_list_or_text(place, "tl", value):
        refuse(place, "tl", "empty list" if isinstance(value, List) else "empty text")
    return cut(value, 1, len(value))


def ilo_rev(place, value):
    want_list_or_text(place, "rev", value)
    return List(value.view()[::-1]) if isinstance(value, List) else value[::-1]


def border(index, length):
    """An index counted from either end, moved to where there are items."""
    return max(0, min(length, index + length if index < 0 else index))


def ilo_slc(place, value, start, end):
    start = want_whole(place, "slc", "start index", start)
    end = want_whole(place, "slc", "end index", end)
    want_list_or_text(place, "slc", value)
    last = border(end, len(value))
    return cut(value, min(border(start, len(value)), last), last)


def ilo_take(place, wanted, value):
    wanted = want_whole(place, "take", "count", wanted)
    want_list_or_text(place, "take", value)
    return cut(value, 0, border(wanted, len(value)))


def ilo_drop(place, wanted, value):
    wanted = want_whole(place, "drop", "count", wanted)
    want_list_or_text(place, "drop", value)
    return cut(value, border(wanted, len(value)), len(value))


def ilo_lst(place, items, position, value):
    want_number(place, "lst", "index", position)
    if not is_whole(position) or position < 0:
        refuse(place, "lst", "index must be a non-negative integer")
    want_list(place, "lst", "requires a list", items)
    if position >= items.length:
        where = "index " + show_number(position) + " out of range for list of length " + str(items.length)
        refuse(place, "lst", where)
    return items.with_item(int(position), value)


def deep_equal(a, b):
    """Whether two values are equal, item by item."""
    if a is b and not isinstance(a, float):
        return True
    if isinstance(a, List):
        return isinstance(b, List) and a.length == b.length and all(map(deep_equal, a.view(), b.view()))
    if isinstance(a, Map):
        if not isinstance(b, Map) or a.size != b.size:
            return False
        others = b.view()
        return all(key in others and deep_equal(value, others[key]) for key, value in a.view().items())
    if isinstance(a, Record):
        if not isinstance(b, Record) or a.type_name != b.type_name or len(a.fields) != len(b.fields):
            return False
        return all(name in b.fields and deep_equal(value, b.fields[name]) for name, value in a.fields.items())
    if isinstance(a, (Ok, Err)):
        return type(a) is type(b) and deep_equal(a.value, b.value)
    if isinstance(a, Function):
        if not isinstance(b, Function) or a.name != b.name or len(a.captures) != len(b.captures):
            return False
        return all(map(deep_equal, a.captures, b.captures))
    return equal(a, b)


def ilo_has(place, value, wanted):
    want_list_or_text(place, "has", value)
    if isinstance(value, List):
        return any(deep_equal(item, wanted) for item in value.view())
    return want_text(place, "has", "text search requires text needle", wanted) in value


def identity(value):
    """Something that two values share exactly when they are the same."""
    if isinstance(value, float):
        return ("number", "NaN" if value != value else value)
    if isinstance(value, List):
        return ("list", *map(identity, value.view()))
    if isinstance(value, Map):
        return ("map", *((key, identity(value.view()[key])) for key in value.sorted_keys()))
    if isinstance(value, Record):
        return (value.type_name, *((name, identity(value.fields[name])) for name in sorted(value.fields)))
    if isinstance(value, (Ok, Err)):
        return (type(value), identity(value.value))
    if isinstance(value, Function):
        return ("function", value.name, *map(identity, value.captures))
    return (type(value), value)


def ilo_unq(place, value):
    want_list_or_text(place, "unq", value)
    seen = set()
    kept = []
    for part in value.view() if isinstance(value, List) else value:
        key = identity(part)
        if key not in seen:
            seen.add(key)
            kept.append(part)
    return List(kept) if isinstance(value, List) else "".join(kept)


def ilo_flat(place, value):
    result = []
    for part in want_list(place, "flat", "arg", value).view():
        if isinstance(part, List):
            result.extend(part.view())
        else:
            result.append(part)
    return List(result)


def ilo_zip(place, first, second):
    left = want_list(place, "zip", "arg 1", first).view()[:]
    right = want_list(place, "zip", "arg 2", second).view()
    return List([List([a, b]) for a, b in zip(left, right)])


def ilo_enumerate(place, value):
    items = want_list(place, "enumerate", "requires a list", value).view()
    return List([List([float(index), part]) for index, part in enumerate(items)])


def ilo_range(place, start, end):
    want_number(place, "range", "requires two numbers", start)
    want_number(place, "range", "requires two numbers", end)
    if not is_whole(start) or not is_whole(end):
        refuse(place, "range", "bounds must be integers")
    if end - start > 1000000:
        refuse(place, "range", "too large: " + show_number(end - start) + " elements (max 1000000)")
    return List([start + index for index in range(int(end - start))])


def ilo_window(place, size, value):
    width = want_positive(place, "window", "size", size)
    items = want_list(place, "window", "arg 2", value).view()
    return List([List(items[i : i + width]) for i in range(len(items) - width + 1)])


def ilo_chunks(place, size, value):
    width = want_positive(place, "chunks", "size", size)
    items = want_list(place, "chunks", "requires a list", value).view()
    return List([List(items[i : i + width]) for i in range(0, len(items), width)])


def ilo_frq(place, value):
    counts = {}
    for part in want_list(place, "frq", "arg", value).view():
        key = want_group_key(place, "frq", "list elements must be text, number, or bool", part)
        counts[key] = counts.get(key, 0.0) + 1
    return Map(counts)


def sorted_items(place, name, value, backwards):
    if isinstance(value, str):
        return "".join(sorted(value, reverse=backwards))
    if not isinstance(value, List):
        refuse(place, name, "requires a list or text, got " + describe(value))
    keys = sort_keys(value.view())
    if keys is None:
        refuse(place, name, "list must contain all numbers or all text")
    order = sorted(range(value.length), key=keys.__getitem__)
    return List([value.view()[index] for index in (reversed(order) if backwards else order)])


def sort_keys(values):
    """What sorts the values; None when they are not all numbers or all texts. NaN comes last."""
    if all(isinstance(value, float) for value in values):
        return [(value != value, value) for value in values]
    return values if all(isinstance(value, str) for value in values) else None


def sort(place, name, arguments, backwards):
    if len(arguments) == 1:
        return sorted_items(place, name, arguments[0], backwards)
    key_of = want_function(place, name, arguments[0], "key arg")
    items = want_list(place, name, "list arg", arguments[-1])
    values = [call(place, key_of, [value, *arguments[1:-1]]) for value in each(place, items)]
    keys = sort_keys(values)
    if keys is None:
        if any(isinstance(value, (float, str)) for value in values):
            refuse(place, name, "keys must be all numbers or all text")
        return items
    # Equal ones stay in their order in both directions.
    order = sorted(range(items.length), key=keys.__getitem__, reverse=backwards)
    return List([items.view()[index] for index in order])


def ilo_srt(place, *arguments):
    return sort(place, "srt", arguments, False)


def ilo_rsrt(place, *arguments):
    return sort(place, "rsrt", arguments, True)


def elements(place, name, position, value):
    found = {}
    for part in want_list(place, name, position, value).view():
        if not isinstance(part, (str, float, bool)):
            refuse(place, name, "elements must be text, number, or bool, got " + describe(part))
        found.setdefault(identity(part), part)
    return found


def in_order(values):
    """By kind, then by what they print."""
    kinds = {bool: "b:", float: "n:", str: "t:"}
    return List(sorted(values, key=lambda value: kinds[type(value)] + show(value)))


def ilo_setunion(place, first, second):
    a = elements(place, "setunion", "arg 1", first)
    return in_order({**elements(place, "setunion", "arg 2", second), **a}.values())


def ilo_setinter(place, first, second):
    a = elements(place, "setinter", "arg 1", first)
    b = elements(place, "setinter", "arg 2", second)
    return in_order([value for key, value in a.items() if key in b])


def ilo_setdiff(place, first, second):
    a = elements(place, "setdiff", "arg 1", first)
    b = elements(place, "setdiff", "arg 2", second)
    return in_order([value for key, value in a.items() if key not in b])
`;
