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


def compile_pattern(place, name, pattern, text):
    try:
        # Texts of ASCII need no look at all of Unicode.
        return compiled_pattern(pattern, 0x80 if text.isascii() else 0x110000)
    except OnlyInIlo as problem:
        cannot = "this Python program cannot use the pattern " + pattern + ": "
        refuse(place, name, cannot + str(problem) + " is something that only ilo has")
    except re.error as problem:
        refuse(place, name, "invalid regex pattern: " + problem.msg)


@functools.lru_cache(256)
def compiled_pattern(pattern, size):
    """A pattern for texts of the first so many characters of Unicode."""
    return re.compile(re.sub(REGEX_PIECE, lambda piece: translate_piece(piece[0], size), pattern, flags=re.S))


def translate_piece(piece, size):
    """A piece outside of classes. The end is the very end, and names need no P."""
    if piece[0] == "[":
        inside = re.sub(REGEX_IN_CLASS, lambda inner: translate_in_class(inner[0], size), piece[1:-1], flags=re.S)
        return "[" + inside + "]"
    if piece[:2] in REGEX_SETS:
        return "[" + "^" * is_negated(piece) + class_text(set_ranges(piece, size)) + "]"
    if piece in ("\\b", "\\B") and size > 0x80:
        word = "[" + class_text(set_ranges("\\w", size)) + "]"
        ends = ("(?<=%s)(?!%s)|(?<!%s)(?=%s)", "(?<=%s)(?=%s)|(?<!%s)(?!%s)")[piece == "\\B"]
        return "(?:" + ends % (word, word, word, word) + ")"
    if piece in ("\\b{", "\\<", "\\>") or (piece[:2] == "(?" and piece != "(?<"):
        raise OnlyInIlo(piece)
    return {"\\z": r"\Z", "$": r"(?!.|\n)", "(?<": "(?P<"}.get(piece) or translate_escape(piece)


def translate_in_class(piece, size):
    if piece[:2] in REGEX_SETS:
        ranges = set_ranges(piece, size)
        return class_text(others_than(ranges) if is_negated(piece) else ranges)
    if piece in ("[", "&&", "--", "~~"):
        raise OnlyInIlo(piece + " in a class")
    return translate_escape(piece)


def translate_escape(piece):
    if piece[1:3] not in ("x{", "u{", "U{"):
        return piece
    return "\\U" + piece[3:-1].rjust(8, "0")


# Escapes that stand for a set of characters that Python has not, or has another one.
REGEX_SETS = ("\\p", "\\P", "\\w", "\\W", "\\s", "\\S")


def is_negated(piece):
    return (piece[1] in "PWS") != ("!=" in piece)


def class_text(ranges):
    """Ranges in brackets; no text has a surrogate."""
    return "".join("\\U%08x-\\U%08x" % pair for pair in ranges or [(0xD800, 0xDFFF)])


def others_than(ranges):
    """The code points between some ranges, as ranges."""
    edges = [-1, *(edge for pair in sorted(ranges) for edge in pair), 0x110000]
    return [(low + 1, high - 1) for low, high in zip(edges[::2], edges[1::2]) if high - low > 1]


CATEGORY_LETTERS = (
    "C Cc Cf Cn Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs"
)


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


# What belongs to words besides the categories that do: joiners, and letters in circles and squares.
WORD_EXTRAS = [(0x200C, 0x200D), (0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)]


@functools.lru_cache(None)
def set_ranges(piece, size):
    """What an escape stands for, as ranges of code points."""
    if piece[1] in "sS":
        return [(ord(space), ord(space)) for space in WHITE_SPACE]
    if piece[1] in "wW":
        return category_ranges(("L", "M", "Nd", "Nl", "Pc"), size) + WORD_EXTRAS
    # Of the properties, Python knows the categories.
    name = piece[2:].strip("{}")
    value = re.fullmatch(r"(?:gc|general[\s_-]*category)(?:!=|:|=)(.*)", name, re.I | re.S)
    plain = re.sub(r"[\s_-]", "", value[1] if value else name).lower()
    plain = re.sub(r"^is(?=.)(?!c$)", "", plain)
    long_names = dict(entry.split(":") for entry in CATEGORY_NAMES.split())
    if plain not in long_names and plain not in CATEGORY_LETTERS.lower().split():
        raise OnlyInIlo(piece)
    return category_ranges(tuple(long_names.get(plain, plain.capitalize()).split(",")), size)


def category_ranges(beginnings, size):
    ranges = []
    for category, first, last in category_runs(size):
        if not category.startswith(beginnings):
            continue
        if ranges and ranges[-1][1] == first - 1:
            first = ranges.pop()[0]
        ranges.append((first, last))
    return ranges


@functools.lru_cache(None)
def category_runs(size):
    """Categories, and from where to where all characters have them."""
    runs = []
    for category, codes in itertools.groupby(range(size), lambda code: unicodedata.category(chr(code))):
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
    return compile_pattern(place, name, pattern, text)


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
    compiled = compile_pattern(place, "rgxsub", pattern, text)

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
