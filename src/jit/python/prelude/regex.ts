// Regular expressions, by Python's own. What ilo writes differently is translated; what Python has not is a fault that says so.
export const REGEX = String.raw`
def compile_pattern(place, name, pattern):
    cannot = "this Python program cannot use the pattern " + pattern + ": "
    if re.search(r"\\[pPb]\{|\\[<>]|\[\[:|&&|--|~~|\(\?[a-z]*[UR]|\(\?[=!<]*[=!]", pattern):
        refuse(place, name, cannot + "it has something that only ilo has")
    # The end is the very end, and names need no P.
    translated = re.sub(r"\\z|\\.|\[(?:\\.|[^\]\\])*\]|\$|\(\?<", translate_piece, pattern, flags=re.S)
    try:
        return re.compile(translated)
    except re.error as problem:
        refuse(place, name, "invalid regex pattern: " + problem.msg + " at character " + str(problem.pos))


def translate_piece(piece):
    return {"\\z": r"\Z", "$": r"(?!.|\n)", "(?<": "(?P<"}.get(piece[0], piece[0])


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
