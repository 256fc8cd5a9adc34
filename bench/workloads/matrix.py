def make(n, seed):
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append((i * seed + j) % 10)
        rows.append(row)
    return rows


def product(a, b, n):
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            s = 0
            for k in range(n):
                s += a[i][k] * b[k][j]
            row.append(s)
        rows.append(row)
    return rows


def run(n):
    c = product(make(n, 3), make(n, 7), n)
    s = 0
    for row in c:
        for x in row:
            s += x
    return s
