# A Python program as a side of a comparison: see measured.mjs for what a side does. Arguments: the program, n.
import importlib.util
import json
import sys
import time

spec = importlib.util.spec_from_file_location("workload", sys.argv[1])
workload = importlib.util.module_from_spec(spec)
sys.dont_write_bytecode = True
spec.loader.exec_module(workload)
run = workload.run
n = int(sys.argv[2])
for _ in range(3):
    result = run(n)
print(json.dumps({"result": str(result)}), flush=True)
for line in sys.stdin:
    before = time.process_time()
    for _ in range(int(line)):
        run(n)
    print((time.process_time() - before) * 1000, flush=True)
