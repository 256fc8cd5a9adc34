from typing import NamedTuple


class Point(NamedTuple):
    x: float
    y: float
    z: float


def make(i):
    return Point(i, i * 2, i + 1)


def run(n):
    ps = []
    for i in range(n):
        ps.append(make(i))
    s = 0
    for p in ps:
        q = p._replace(y=p.y + 1)
        s += q.x + q.y + q.z
    return s
