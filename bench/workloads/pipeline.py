def scale(x):
    return x * 3


def shift(x):
    return x + 7


def wrap(x):
    return x % 1000


def mirror(x):
    return 1000 - x


def run(n):
    s = 0
    for i in range(n):
        v = mirror(wrap(shift(scale(i))))
        s += v
    return s
