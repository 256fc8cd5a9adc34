from math import sqrt


def cell(i, j):
    d = i + j
    return 1 / (d * (d + 1) / 2 + i + 1)


def times(u):
    n = len(u)
    v = []
    for i in range(n):
        s = 0.0
        for j in range(n):
            s += cell(i, j) * u[j]
        v.append(s)
    return v


def times_transposed(u):
    n = len(u)
    v = []
    for i in range(n):
        s = 0.0
        for j in range(n):
            s += cell(j, i) * u[j]
        v.append(s)
    return v


def run(n):
    u = [1.0] * n
    v = []
    for _ in range(10):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    uv = 0.0
    vv = 0.0
    for i in range(n):
        uv += u[i] * v[i]
        vv += v[i] * v[i]
    return sqrt(uv / vv)
