# A Python program as a side of a comparison: see measured.mjs for what a side does. Arguments: the program, the numbers for its function `run`.
import importlib.util
import json
import sys
import time

spec = importlib.util.spec_from_file_location("workload", sys.argv[1])
workload = importlib.util.module_from_spec(spec)
sys.dont_write_bytecode = True
spec.loader.exec_module(workload)
run = workload.run
# The loop is written with the arguments in it: taking them out of a list would cost more than some of the calls.
loop = {"run": run}
exec("def repeat(calls):\n    for _ in range(calls):\n        run(%s)" % ", ".join(sys.argv[2:]), loop)
repeat = loop["repeat"]
numbers = [float(word) if "." in word else int(word) for word in sys.argv[2:]]
for _ in range(3):
    result = run(*numbers)
print(json.dumps({"result": str(result)}), flush=True)
for line in sys.stdin:
    before = time.process_time()
    repeat(int(line))
    print((time.process_time() - before) * 1000, flush=True)
