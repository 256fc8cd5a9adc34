// Files, and the formats that they are read and written in.
export const FILES = String.raw`
def read_file(path):
    if "\0" in path:
        return Err("file name contained an unexpected NUL byte")
    try:
        with open(path, "rb") as file:
            return Ok(file.read().decode("utf-8"))
    except OSError as problem:
        return Err(os.strerror(problem.errno) + " (os error " + str(problem.errno) + ")")
    except UnicodeDecodeError:
        return Err("stream did not contain valid UTF-8")


def write_file(path, text):
    if "\0" in path:
        return Err("file name contained an unexpected NUL byte")
    try:
        with open(path, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
        return Ok(path)
    except OSError as problem:
        return Err(os.strerror(problem.errno) + " (os error " + str(problem.errno) + ")")


def lines_of(text):
    """The lines without their ends; a last line end makes no further line."""
    lines = text.split("\n")
    unended = lines.pop()
    return [line[:-1] if line.endswith("\r") else line for line in lines] + ([unended] if unended else [])


def parse_row(line, separator):
    """Quotes may open anywhere in a field, and end at the end of the line at the latest; two of them inside are one."""
    fields = [""]
    is_quoted = False
    at = 0
    while at < len(line):
        letter = line[at]
        if letter == '"' and is_quoted and line[at + 1 : at + 2] == '"':
            fields[-1] += '"'
            at += 1
        elif letter == '"':
            is_quoted = not is_quoted
        elif letter == separator and not is_quoted:
            fields.append("")
        else:
            fields[-1] += letter
        at += 1
    return List(fields)


def parse_as(format, text):
    if format in ("csv", "tsv"):
        separator = "," if format == "csv" else "\t"
        return Ok(List([parse_row(line, separator) for line in lines_of(text)]))
    return ilo_jpar("", text) if format == "json" else Ok(text)


def format_row(values, separator):
    """Fields that hold the separator, a quote or a line feed are quoted."""
    texts = ["" if value is None else show(value) for value in values]
    special = (separator, '"', "\n")
    return separator.join(
        '"' + text.replace('"', '""') + '"' if any(part in text for part in special) else text for text in texts
    )


def format_rows(place, rows, separator):
    """Records and maps get a header line: the keys of the first one, sorted."""
    if not rows.length:
        return ""
    first = rows.view()[0]
    if not isinstance(first, (List, Record, Map)):
        refuse(place, "wr", "each row must be a list, record, or map, got " + describe(first))
    header = None
    if not isinstance(first, List):
        header = sorted(first.fields) if isinstance(first, Record) else list(map(show, first.sorted_keys()))
    lines = [] if header is None else [format_row(header, separator)]
    for row in rows.view():
        if header is None and not isinstance(row, List):
            refuse(place, "wr", "row shape mismatch (expected list rows), got " + describe(row))
        if header is not None and not isinstance(row, (Record, Map)):
            refuse(place, "wr", "row shape mismatch (expected record/map rows), got " + describe(row))
        if header is None:
            lines.append(format_row(row.view(), separator))
        else:
            values = row.fields if isinstance(row, Record) else {show(key): value for key, value in row.view().items()}
            lines.append(format_row([values.get(name) for name in header], separator))
    return "\n".join(lines) + "\n"


def ilo_rd(place, path, *format):
    want_text(place, "rd", "requires text path", path)
    extension = re.search(r"[^/]\.([^./]*)(?:/\.?)*$", path)
    chosen = want_text(place, "rd", "format", format[0]) if format else extension and extension[1].lower()
    text = read_file(path)
    return text if isinstance(text, Err) else parse_as(chosen, text.value)


def ilo_rdb(place, text, format):
    want_text(place, "rdb", "requires text string", text)
    return parse_as(want_text(place, "rdb", "format", format), text)


def ilo_rdl(place, path):
    text = read_file(want_text(place, "rdl", "requires text path", path))
    return text if isinstance(text, Err) else Ok(List(lines_of(text.value)))


def ilo_rdjl(place, path):
    text = read_file(want_text(place, "rdjl", "requires text path", path))
    if isinstance(text, Err):
        refuse(place, "rdjl", "failed to read '" + path + "': " + text.value)
    return List([ilo_jpar(place, line) for line in text.value.split("\n") if line])


def ilo_wr(place, path, data, *format):
    want_text(place, "wr", "first arg (the path)", path)
    if not format:
        return write_file(path, want_text(place, "wr", "second arg (the content)", data))
    name = want_text(place, "wr", "format arg", format[0])
    if name == "json":
        return write_file(path, write_json(data, "\n"))
    if name not in ("csv", "tsv"):
        refuse(place, "wr", "unknown format '" + name + "', expected csv, tsv, or json")
    if not isinstance(data, List):
        refuse(place, "wr", "data for " + name + " must be a list of rows, got " + describe(data))
    return write_file(path, format_rows(place, data, "," if name == "csv" else "\t"))


def ilo_wrl(place, path, lines):
    want_text(place, "wrl", "requires text path and list of text", path)
    texts = want_list(place, "wrl", "requires text path and list of text", lines).view()
    for line in texts:
        want_text(place, "wrl", "every line", line)
    return write_file(path, "".join(line + "\n" for line in texts))
`;
