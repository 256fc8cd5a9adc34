// Regular expressions, by Python's own. What ilo writes differently is translated, categories of characters are written out as ranges; what
// Python has not is a fault that says so.
export const REGEX = String.raw`
REGEX_ESCAPE = r"\\[pP](?:\{[^}]*\}|[^{])|\\[xuU]\{[^}]*\}|\\b\{|\\."


# What has to be looked at in a class.
REGEX_IN_CLASS = REGEX_ESCAPE + r"|\[|&&|--|~~"


# And outside of classes.
REGEX_PIECE = REGEX_ESCAPE + r"|\[\^?\]?(?:\\.|[^\]\\])*\]|\$|\(\?(?:<?[=!]|[a-z-]*[UR]|<)"


class OnlyInIlo(Exception):
    """A pattern has something that Python's patterns have not."""


def compile_pattern(place, name, pattern):
    try:
        return compiled_pattern(pattern)
    except OnlyInIlo as problem:
        cannot = "this Python program cannot use the pattern " + pattern + ": "
        refuse(place, name, cannot + str(problem) + " is something that only ilo has")
    except re.error as problem:
        refuse(place, name, "invalid regex pattern: " + problem.msg)


@functools.lru_cache(256)
def compiled_pattern(pattern):
    return re.compile(re.sub(REGEX_PIECE, lambda piece: translate_piece(piece[0]), pattern, flags=re.S))


def translate_piece(piece):
    """A piece outside of classes. The end is the very end, and names need no P."""
    if piece[0] == "[":
        return "[" + re.sub(REGEX_IN_CLASS, lambda inner: translate_in_class(inner[0]), piece[1:-1], flags=re.S) + "]"
    if piece[:2] in ("\\p", "\\P"):
        return "[" + "^" * is_negated(piece) + class_text(property_ranges(piece)) + "]"
    if piece in ("\\b{", "\\<", "\\>") or (piece[:2] == "(?" and piece != "(?<"):
        raise OnlyInIlo(piece)
    return {"\\z": r"\Z", "$": r"(?!.|\n)", "(?<": "(?P<"}.get(piece) or translate_escape(piece)


def translate_in_class(piece):
    if piece[:2] in ("\\p", "\\P"):
        ranges = property_ranges(piece)
        return class_text(others_than(ranges) if is_negated(piece) else ranges)
    if piece in ("[", "&&", "--", "~~"):
        raise OnlyInIlo(piece + " in a class")
    return translate_escape(piece)


def translate_escape(piece):
    if piece[1:3] not in ("x{", "u{", "U{"):
        return piece
    return "\\U" + piece[3:-1].rjust(8, "0")


def is_negated(piece):
    return (piece[1] == "P") != ("!=" in piece)


def class_text(ranges):
    return "".join("\\U%08x-\\U%08x" % pair for pair in ranges)


def others_than(ranges):
    """The code points between some ranges, as ranges."""
    edges = [-1, *(edge for pair in ranges for edge in pair), 0x110000]
    return [(low + 1, high - 1) for low, high in zip(edges[::2], edges[1::2]) if high - low > 1]


# Names of categories that are not their letters, and with which letters these categories begin.
CATEGORY_NAMES = (
    "any: assigned:L,M,N,P,S,Z,Cc,Cf,Co lc:Ll,Lt,Lu casedletter:Ll,Lt,Lu letter:L lowercaseletter:Ll modifierletter:Lm "
    "otherletter:Lo titlecaseletter:Lt uppercaseletter:Lu mark:M combiningmark:M spacingmark:Mc enclosingmark:Me "
    "nonspacingmark:Mn number:N decimalnumber:Nd digit:Nd letternumber:Nl othernumber:No punctuation:P punct:P "
    "connectorpunctuation:Pc dashpunctuation:Pd closepunctuation:Pe finalpunctuation:Pf initialpunctuation:Pi "
    "otherpunctuation:Po openpunctuation:Ps symbol:S currencysymbol:Sc modifiersymbol:Sk mathsymbol:Sm othersymbol:So "
    "separator:Z lineseparator:Zl paragraphseparator:Zp spaceseparator:Zs other:C cntrl:Cc control:Cc format:Cf "
    "unassigned:Cn privateuse:Co surrogate:Cs"
)


@functools.lru_cache(None)
def property_ranges(piece):
    """The characters of a category, as ranges of code points. Python knows no other properties."""
    name = piece[2:].strip("{}")
    value = re.fullmatch(r"(?:gc|general[\s_-]*category)(?:!=|:|=)(.*)", name, re.I | re.S)
    plain = re.sub(r"[\s_-]", "", value[1] if value else name).lower()
    plain = re.sub(r"^is(?=.)(?!c$)", "", plain)
    long_names = dict(entry.split(":") for entry in CATEGORY_NAMES.split())
    wanted = tuple(long_names.get(plain, plain.capitalize()).split(","))
    ranges = []
    for category, first, last in category_runs():
        if not category.startswith(wanted):
            continue
        if ranges and ranges[-1][1] == first - 1:
            first = ranges.pop()[0]
        ranges.append((first, last))
    if not ranges:
        raise OnlyInIlo(piece)
    return ranges


@functools.lru_cache(None)
def category_runs():
    """All of Unicode: a category, and from where to where all characters have it."""
    runs = []
    for category, codes in itertools.groupby(range(0x110000), lambda code: unicodedata.category(chr(code))):
        run = list(codes)
        runs.append((category, run[0], run[-1]))
    return runs


def matches_of(pattern, text):
    """Every match; an empty one does not follow right behind another."""
    at = 0
    last_end = -1
    while at <= len(text):
        match = pattern.search(text, at)
        if match is None:
            return
        if match.end() == match.start() == last_end:
            at += 1
            continue
        yield match
        last_end = match.end()
        at = last_end


def groups_of(match):
    return [group for group in match.groups() if group is not None]


def want_pattern(place, name, pattern, text):
    want_text(place, name, "first arg (the string pattern)", pattern)
    want_text(place, name, "second arg", text)
    return compile_pattern(place, name, pattern)


def ilo_rgx(place, pattern, text):
    compiled = want_pattern(place, "rgx", pattern, text)
    if compiled.groups == 0:
        return List([match[0] for match in matches_of(compiled, text)])
    match = compiled.search(text)
    return List(groups_of(match) if match else [])


def ilo_rgxall(place, pattern, text):
    compiled = want_pattern(place, "rgxall", pattern, text)
    found = matches_of(compiled, text)
    return List([List(groups_of(match) if compiled.groups else [match[0]]) for match in found])


def ilo_rgxall1(place, pattern, text):
    compiled = want_pattern(place, "rgxall1", pattern, text)
    if compiled.groups > 1:
        count = "pattern has " + str(compiled.groups) + " capture groups"
        refuse(place, "rgxall1", count + "; rgxall1 only supports 0 or 1, rgxall gives them all")
    found = [match[compiled.groups] for match in matches_of(compiled, text)]
    return List([part for part in found if part is not None])


def ilo_rgxsub(place, pattern, replacement, text):
    want_text(place, "rgxsub", "first arg (the string pattern)", pattern)
    want_text(place, "rgxsub", "second arg (the replacement)", replacement)
    want_text(place, "rgxsub", "third arg", text)
    compiled = compile_pattern(place, "rgxsub", pattern)

    def replaced_in(match):
        def value_of(reference):
            name = reference[1] or reference[2]
            if name is None:
                return "$"
            known = int(name) <= compiled.groups if re.fullmatch(r"\+?[0-9]+", name) else name in compiled.groupindex
            return (match[int(name) if name.lstrip("+").isdigit() else name] or "") if known else ""

        return re.sub(r"\$(?:\{([^}]*)\}|([0-9A-Za-z_]+)|\$)", value_of, replacement)

    result = []
    copied = 0
    for match in matches_of(compiled, text):
        result += [text[copied : match.start()], replaced_in(match)]
        copied = match.end()
    return "".join(result) + text[copied:]
`;
