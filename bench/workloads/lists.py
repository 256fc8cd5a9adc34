from functools import reduce


def square(x):
    return x * x


def third(x):
    return x % 3 == 0


def add(a, b):
    return a + b


def run(n):
    xs = []
    for i in range(n):
        xs.append(i + 1)
    return reduce(add, filter(third, map(square, xs)), 0)
