// Text. Python's strings count code points, as ilo's do.
export const TEXT = String.raw`
WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def ilo_trm(place, text):
    return want_text(place, "trm", "requires text", text).strip(WHITE_SPACE)


def ilo_upr(place, text):
    return want_text(place, "upr", "requires text", text).upper()


def ilo_lwr(place, text):
    return want_text(place, "lwr", "requires text", text).lower()


def ilo_cap(place, text):
    want_text(place, "cap", "requires text", text)
    return text[:1].upper() + text[1:]


def padding(place, name, text, width, pad):
    want_text(place, name, "arg 1", text)
    want_number(place, name, "arg 2", width)
    if not is_whole(width) or width < 0:
        wanted = "non-negative" if is_whole(width) else "a non-negative integer"
        refuse(place, name, "width must be " + wanted + ", got " + show_number(width))
    if not isinstance(pad, str) or len(pad) != 1:
        refuse(place, name, "pad char must be a 1-character string, got " + describe(pad))
    return pad * (int(width) - len(text))


def ilo_padl(place, text, width, pad=" "):
    return padding(place, "padl", text, width, pad) + text


def ilo_padr(place, text, width, pad=" "):
    return text + padding(place, "padr", text, width, pad)


def ilo_ord(place, text):
    if not want_text(place, "ord", "requires text", text):
        refuse(place, "ord", "requires a non-empty string")
    return float(ord(text[0]))


def ilo_chr(place, code):
    want_number(place, "chr", "requires number", code)
    if not is_whole(code) or code < 0 or code > 0xFFFFFFFF:
        refuse(place, "chr", "requires a non-negative integer codepoint, got " + show_number(code))
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        refuse(place, "chr", show_number(code) + " is not a valid Unicode codepoint")
    return chr(int(code))


def ilo_chars(place, text):
    return List(list(want_text(place, "chars", "requires text", text)))


def ilo_spl(place, text, separator):
    want_text(place, "spl", "requires two text args", text)
    want_text(place, "spl", "requires two text args", separator)
    return List(text.split(separator) if separator else ["", *text, ""])


def ilo_cat(place, parts, separator):
    want_list(place, "cat", "requires a list and text separator", parts)
    want_text(place, "cat", "requires a list and text separator", separator)
    for part in parts.view():
        if not isinstance(part, str):
            refuse(place, "cat", "list items must be text, got " + describe(part))
    return separator.join(parts.view())


def ilo_fmt(place, template, *values):
    want_text(place, "fmt", "template (first arg)", template)
    spec = re.search(r"\{:[^}]*\}?", template)
    if spec:
        problem = "only supports bare \x60{}\x60 placeholders, got \x60" + spec[0] + "\x60; use fmt2 for decimals, padl for width"
        refuse(place, "fmt", problem)
    pieces = template.split("{}")
    result = [pieces[0]]
    for i, piece in enumerate(pieces[1:]):
        result += [show(values[i]) if i < len(values) else "{}", piece]
    return "".join(result)
`;
