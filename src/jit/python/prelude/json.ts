// JSON: the grammar, and the words about what breaks it, are those of the builtins.
export const JSON_TEXT = String.raw`
class JsonProblem(Exception):
    """What is wrong with a JSON text, and how much of the text was read when it was found."""

    def __init__(self, problem, end):
        super().__init__(problem)
        self.problem = problem
        self.end = end


class JsonReader:
    """Reads a document; what becomes of its parts, the functions in make decide."""

    def __init__(self, text, make):
        self.text = text
        self.make = make
        self.at = 0
        self.depth = 0

    def fail(self, problem, at):
        raise JsonProblem(problem, min(at + 1, len(self.text)))

    def skip_space(self):
        """The next character, or nothing at the end."""
        while self.at < len(self.text) and self.text[self.at] in " \n\t\r":
            self.at += 1
        return self.text[self.at : self.at + 1]

    def document(self):
        value = self.value()
        if self.skip_space():
            self.fail("trailing characters", self.at)
        return value

    def value(self):
        start = self.skip_space()
        if start == "":
            self.fail("EOF while parsing a value", self.at)
        if start == '"':
            return self.make["text"](self.string())
        if start == "[":
            return self.items()
        if start == "{":
            return self.members()
        for word, meaning in (("true", True), ("false", False), ("null", None)):
            if start == word[0]:
                for i, letter in enumerate(word):
                    if self.at + i >= len(self.text):
                        self.fail("EOF while parsing a value", self.at + i)
                    if self.text[self.at + i] != letter:
                        self.fail("expected ident", self.at + i)
                self.at += len(word)
                return self.make["word"](meaning)
        if start not in "-0123456789":
            self.fail("expected value", self.at)
        return self.number()

    def number(self):
        text = self.text
        at = self.at + (text[self.at] == "-")

        def digits(at):
            end = at
            while end < len(text) and text[end] in "0123456789":
                end += 1
            if end == at:
                self.fail("invalid number" if at < len(text) else "EOF while parsing a value", at)
            return end

        end = digits(at)
        if text[at] == "0" and end > at + 1:
            self.fail("invalid number", at + 1)
        if text[end : end + 1] == ".":
            end = digits(end + 1)
        if text[end : end + 1] in ("e", "E"):
            end = digits(end + 1 + (text[end + 1 : end + 2] in ("+", "-")))
        source = text[self.at : end]
        if abs(float(source)) == INFINITY:
            raise JsonProblem("number out of range", end)
        self.at = end
        return self.make["number"](source)

    def string(self):
        text = self.text
        parts = []
        self.at += 1
        while True:
            if self.at >= len(text):
                self.fail("EOF while parsing a string", self.at)
            letter = text[self.at]
            if letter < " ":
                self.fail("control character (\\u0000-\\u001F) found while parsing a string", self.at)
            self.at += 1
            if letter == '"':
                return "".join(parts)
            parts.append(self.escape() if letter == "\\" else letter)

    def escape(self):
        letter = self.text[self.at : self.at + 1]
        if letter == "":
            self.fail("EOF while parsing a string", self.at)
        short = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
        if letter in short:
            self.at += 1
            return short[letter]
        if letter != "u":
            self.fail("invalid escape", self.at)
        self.at += 1
        first = self.hex()
        if 0xDC00 <= first <= 0xDFFF:
            raise JsonProblem("lone leading surrogate in hex escape", self.at)
        if not 0xD800 <= first <= 0xDBFF:
            return chr(first)
        for expected in "\\u":
            if self.at >= len(self.text):
                self.fail("EOF while parsing a string", self.at)
            if self.text[self.at] != expected:
                self.fail("unexpected end of hex escape", self.at)
            self.at += 1
        second = self.hex()
        if not 0xDC00 <= second <= 0xDFFF:
            raise JsonProblem("lone leading surrogate in hex escape", self.at)
        return chr(0x10000 + ((first - 0xD800) << 10) + second - 0xDC00)

    def hex(self):
        digits = self.text[self.at : self.at + 4]
        if len(digits) < 4:
            self.fail("EOF while parsing a string", len(self.text))
        self.at += 4
        if not re.fullmatch("[0-9a-fA-F]{4}", digits):
            raise JsonProblem("invalid escape", self.at)
        return int(digits, 16)

    def parts(self, end, kind, read):
        """What stands between commas, up to the closing bracket."""
        self.depth += 1
        if self.depth > 127:
            self.fail("recursion limit exceeded", self.at)
        self.at += 1
        found = []
        while self.skip_space() != end:
            if self.at >= len(self.text):
                self.fail("EOF while parsing " + kind, self.at)
            if found:
                if self.text[self.at] != ",":
                    self.fail("expected \x60,\x60 or \x60" + end + "\x60", self.at)
                self.at += 1
                if self.skip_space() == end:
                    self.fail("trailing comma", self.at)
                if end == "}" and self.at >= len(self.text):
                    self.fail("EOF while parsing a value", self.at)
            found.append(read())
        self.at += 1
        self.depth -= 1
        return found

    def items(self):
        return self.make["list"](self.parts("]", "a list", self.value))

    def members(self):
        def member():
            if self.skip_space() != '"':
                self.fail("key must be a string", self.at)
            name = self.string()
            if self.skip_space() != ":":
                self.fail("expected \x60:\x60" if self.at < len(self.text) else "EOF while parsing an object", self.at)
            self.at += 1
            return name, self.value()

        # The last of several values counts, and stands where the first one stood.
        return self.make["object"](dict(self.parts("}", "an object", member)))


def read_json(text, make):
    try:
        return Ok(JsonReader(text, make).document())
    except JsonProblem as problem:
        before = text[: problem.end]
        line_start = before.rfind("\n") + 1
        # The offending character counts as one byte.
        column = len(before[line_start:-1].encode("utf-8", "surrogatepass")) + 1 if before[line_start:] else 0
        where = " at line " + str(before.count("\n") + 1) + " column " + str(column)
        return Err(problem.problem + where)


def ilo_jpar(place, text):
    make = {
        "number": float,
        "text": lambda text: text,
        "word": lambda word: word,
        "list": List,
        "object": lambda members: Record("json", members),
    }
    return read_json(want_text(place, "jpar", "requires text", text), make)


def ilo_jpth(place, text, path):
    if not isinstance(text, str) or not isinstance(path, str):
        refuse(place, "jpth", "requires two text args")
    # Single values become the text that they print as; whole numbers of 64 bits keep their digits.
    make = {
        "number": json_number_as_written,
        "text": lambda text: JsonLeaf(text, quoted(text)),
        "word": lambda word: JsonLeaf(*[json_scalar(word)] * 2),
        "list": lambda items: items,
        "object": lambda members: members,
    }
    tree = read_json(text, make)
    if isinstance(tree, Err):
        return tree
    node = tree.value
    for key in path.split("."):
        if re.fullmatch(r"\+?[0-9]+", key):
            found = isinstance(node, list) and int(key) < len(node)
            index = int(key)
        else:
            found = isinstance(node, dict) and key in node
            index = key
        if not found:
            return Err("key not found: " + key)
        node = node[index]
    return Ok(node.text if isinstance(node, JsonLeaf) else json_tree_text(node))


class JsonLeaf:
    def __init__(self, text, code):
        self.text = text
        self.code = code


def json_number_as_written(source):
    whole = re.fullmatch("-?[0-9]+", source) and source != "-0" and -(2**63) <= int(source) < 2**64
    code = source if whole else json_float(float(source))
    return JsonLeaf(code, code)


def json_tree_text(node):
    if isinstance(node, JsonLeaf):
        return node.code
    if isinstance(node, list):
        return "[" + ",".join(map(json_tree_text, node)) + "]"
    return "{" + ",".join(quoted(key) + ":" + json_tree_text(node[key]) for key in sorted(node)) + "}"


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def json_float(number):
    """The fewest digits that read back, always with a point or an exponent."""
    sign = "-" if math.copysign(1, number) < 0 else ""
    if number == 0:
        return sign + "0.0"
    digits, point = digits_of(abs(number))
    if 0 < point <= 16:
        padded = digits.ljust(point, "0")
        return sign + padded[:point] + "." + (padded[point:] or "0")
    if -5 < point <= 0:
        return sign + "0." + "0" * -point + digits
    fraction = "." + digits[1:] if len(digits) > 1 else ""
    return sign + digits[0] + fraction + "e" + format(point - 1, "+d")


def json_scalar(value):
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float):
        if value - value != 0:
            return "null"
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else json_float(value)
    return {True: "true", False: "false", None: "null"}[value]


def write_json(value, line=None):
    """As one line, or, with a line break that holds the indentation so far, as many."""
    while isinstance(value, (Ok, Err)):
        value = value.value
    inner = None if line is None else line + "  "

    def enclosed(start, parts, end):
        if line is None or not parts:
            return start + ",".join(parts) + end
        return start + inner + ("," + inner).join(parts) + line + end

    if isinstance(value, List):
        return enclosed("[", [write_json(part, inner) for part in value.view()], "]")
    if isinstance(value, (Map, Record)):
        # A number as a key is written as text, and a text that is the same goes before it.
        entries = value.view() if isinstance(value, Map) else value.fields
        named = {show(key): entries[key] for key in sorted(entries, key=lambda key: isinstance(key, str))}
        colon = ":" if line is None else ": "
        return enclosed("{", [quoted(key) + colon + write_json(named[key], inner) for key in sorted(named)], "}")
    if isinstance(value, Function):
        return quoted(("<closure:" if value.captures else "<fn:") + value.name + ">")
    return json_scalar(value)


def ilo_jdmp(place, value):
    return write_json(value)
`;
