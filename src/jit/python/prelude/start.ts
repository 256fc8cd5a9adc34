// From the command line to the exit code, as ilo does it.
export const START = String.raw`
MAX_DEPTH = 10000


def split_at_commas(text):
    """The parts between commas that stand outside brackets, braces and quotes."""
    parts = [""]
    depth = 0
    is_quoted = False
    for letter in text:
        if letter == '"':
            is_quoted = not is_quoted
        if not is_quoted and letter in "[{]}":
            depth += 1 if letter in "[{" else -1
        if letter == "," and depth <= 0 and not is_quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def unquoted(text):
    return text[1:-1] if len(text) >= 2 and text.startswith('"') and text.endswith('"') else text


def is_bracketed(text):
    """Whether the bracket that opens at the start closes at the end."""
    if not text.startswith("[") or not text.endswith("]"):
        return False
    depth = 0
    is_quoted = False
    for at, letter in enumerate(text):
        if letter == '"':
            is_quoted = not is_quoted
        elif not is_quoted and letter in "[]":
            depth += 1 if letter == "[" else -1
            if depth == 0:
                return at == len(text) - 1
    return True


def read_argument(text, kind):
    """A value from the command line for a parameter; the kind of the parameter has one word for each layer."""
    optional = kind.startswith("optional ")
    wanted = kind[9:] if optional else kind
    if wanted.startswith("sum") or (wanted == "text" and not (optional and text == "nil")):
        return unquoted(text)
    value = read_value(text, wanted)
    if wanted.startswith("list ") and not isinstance(value, List) and not (optional and value is None):
        return List([read_element(text, wanted[5:])])
    return value


def read_element(text, kind):
    return unquoted(text) if kind == "text" else read_value(text, kind)


def read_value(text, kind):
    element = kind[5:] if kind.startswith("list ") else ""
    if is_bracketed(text):
        inside = text[1:-1].strip()
        return List([read_element(part, element) for part in split_at_commas(inside)] if inside else [])
    if len(text) >= 2 and text.startswith('"') and text.find('"', 1) == len(text) - 1:
        return text[1:-1]
    if "," in text and len(split_at_commas(text)) > 1:
        return List([read_element(part, element) for part in split_at_commas(text)])
    if text in ("nil", "true", "false"):
        return {"nil": None, "true": True, "false": False}[text]
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text) and abs(float(text)) < INFINITY:
        return float(text)
    return text


def fits(value, kind):
    layer = kind.split(" ")[0]
    if layer == "optional":
        return value is None or fits(value, kind[9:])
    if layer == "sum":
        return isinstance(value, str) and value in kind.split(" ")[1:]
    classes = {"num": float, "text": str, "bool": bool, "nil": type(None), "list": List, "fn": str}
    return isinstance(value, classes[layer]) if layer in classes else layer not in ("map", "result")


def choose_entry(functions, words):
    """The function that a run begins with, and its arguments."""
    names = [name for name, row in functions.items() if row[5]]
    if words and words[0] in names:
        return words[0], words[1:]
    looks_like_name = words and re.fullmatch(r"[A-Za-z_]\w*(-\w+)*", words[0]) and words[0] not in ("true", "false", "nil")
    if len(names) > 1 and (looks_like_name or (not words and "main" not in names)):
        problem = "no such function '" + words[0] + "'" if words else "there are several functions, please specify one"
        sys.exit("error: " + problem + "\navailable functions:\n" + "".join("  " + name + "\n" for name in names))
    return "main" if "main" in names else names[0], words


def run_entry(functions, words):
    name, words = choose_entry(functions, words)
    function, place, parameters, _, is_quiet, _ = functions[name]
    if len(words) != len(parameters):
        wrong_count(place, name, len(parameters), len(words))
    arguments = []
    for word, (parameter, shown, kind) in zip(words, parameters):
        value = read_argument(word, kind)
        if not fits(value, kind):
            message = name + ": argument '" + parameter + "' must be of type " + shown + ", got " + describe(value)
            raise Fault("ILO-R004", message, place)
        arguments.append(value)
    value = function(*arguments)
    if isinstance(value, Err):
        sys.stdout.flush()
        print(show(value), file=sys.stderr)
        return 1
    if not is_quiet:
        print(show(payload(value)))
    return 0


def guarded(functions, words):
    """Runs the program; what ends it early is reported with its code and place."""
    try:
        return run_entry(functions, words)
    except Fault as fault:
        code, message, place = fault.code, fault.message, fault.place
    except RecursionError:
        code, message, place = "ILO-R040", "call depth limit of " + str(MAX_DEPTH) + " reached", "?"
    except MemoryError:
        code, message, place = "ILO-R041", "the value is larger than this engine can hold", "?"
    sys.stdout.flush()
    print("error[" + code + "]: " + message + "\n  --> " + place, file=sys.stderr)
    return 1


def start(functions):
    # Calls nest deeply in a thread with a stack for it. A call through a builtin takes up to four frames of Python.
    sys.setrecursionlimit(4 * MAX_DEPTH)
    threading.stack_size(512 * 1024 * 1024)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    codes = []
    thread = threading.Thread(target=lambda: codes.append(guarded(functions, sys.argv[1:])))
    thread.start()
    thread.join()
    sys.stdout.flush()
    sys.exit(codes[0] if codes else 1)
`;
