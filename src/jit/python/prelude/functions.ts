// Builtins that call a function for every item.
export const FUNCTIONS = `
def results(place, name, arguments):
    """Each item of the list, which stands last, with what the function gives for it."""
    function = want_function(place, name, arguments[0])
    items = want_list(place, name, "list arg", arguments[-1])
    for part in each(place, items):
        yield part, call(place, function, [part, *arguments[1:-1]])


def answers(place, name, arguments):
    """As results, for functions that must give a bool."""
    for part, result in results(place, name, arguments):
        if not isinstance(result, bool):
            refuse(place, name, "predicate must return bool, got " + describe(result))
        yield part, result


def ilo_map(place, *arguments):
    return List([result for _, result in results(place, "map", arguments)])


def ilo_flt(place, *arguments):
    return List([part for part, holds in answers(place, "flt", arguments) if holds])


def ilo_ct(place, *arguments):
    return float(sum(holds for _, holds in answers(place, "ct", arguments)))


def ilo_partition(place, *arguments):
    pairs = list(answers(place, "partition", arguments))
    return List([List([part for part, holds in pairs if holds]), List([part for part, holds in pairs if not holds])])


def ilo_fld(place, *arguments):
    function = want_function(place, "fld", arguments[0])
    items = want_list(place, "fld", "list arg", arguments[-2])
    result = arguments[-1]
    for part in each(place, items):
        result = call(place, function, [result, part, *arguments[1:-2]])
    return result


def ilo_flatmap(place, *arguments):
    collected = []
    for _, result in results(place, "flatmap", arguments):
        if not isinstance(result, List):
            refuse(place, "flatmap", "function must return a list, got " + describe(result))
        collected.extend(result.view())
    return List(collected)


def ilo_mapr(place, *arguments):
    collected = []
    for _, result in results(place, "mapr", arguments):
        if isinstance(result, Err):
            return result
        if not isinstance(result, Ok):
            refuse(place, "mapr", "fn must return a Result (~v or ^e), got " + describe(result))
        collected.append(result.value)
    return Ok(List(collected))


def ilo_grp(place, *arguments):
    groups = {}
    for part, result in results(place, "grp", arguments):
        key = want_group_key(place, "grp", "key function must return a string, number, or bool", result)
        groups.setdefault(key, []).append(part)
    return Map({key: List(members) for key, members in groups.items()})


def ilo_uniqby(place, *arguments):
    seen = set()
    kept = []
    for part, key in results(place, "uniqby", arguments):
        if not isinstance(key, (str, float, bool)):
            refuse(place, "uniqby", "key function must return a string, number, or bool, got " + describe(key))
        if identity(key) not in seen:
            seen.add(identity(key))
            kept.append(part)
    return List(kept)
`;
