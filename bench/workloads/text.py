def run(n):
    s = ""
    for i in range(n):
        s += str(i) + ","
    return s
