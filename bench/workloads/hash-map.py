def run(n):
    counts = {}
    for i in range(n):
        key = str((i * 7919) % 1009)
        counts[key] = counts.get(key, 0) + 1
    s = 0
    for c in counts.values():
        s += c * c
    return s
