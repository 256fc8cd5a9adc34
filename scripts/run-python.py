# Runs emitted programs in one process. Reads a JSON list of {"path", "words"}; writes a JSON list of {"stdout", "stderr", "code"}. An
# environment is part of a case; the working folder is the caller's.
import io
import json
import os
import sys


class Captured(io.StringIO):
    """Standard output of a case; a program sets its encoding, which means nothing for text in memory."""

    def reconfigure(self, **_):
        pass


def run(path, words):
    sys.argv = [path, *words]
    sys.stdout, sys.stderr = out, err = Captured(), Captured()
    code = 0
    try:
        with open(path, encoding="utf-8") as file:
            program = compile(file.read(), path, "exec")
        exec(program, {"__name__": "__main__"})
    except SystemExit as end:
        if isinstance(end.code, str):
            err.write(end.code)
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as problem:
        err.write("Python ended with " + repr(problem))
        code = 70
    return {"stdout": out.getvalue(), "stderr": err.getvalue(), "code": code}


stdout = sys.stdout
os.environ.update({"USER": "ada", "EMPTY": ""})
results = [run(case["path"], case["words"]) for case in json.load(sys.stdin)]
stdout.write(json.dumps(results))
