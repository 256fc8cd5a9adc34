def escape(cx, cy, most):
    x = 0.0
    y = 0.0
    for i in range(most):
        x2 = x * x
        y2 = y * y
        if x2 + y2 > 4:
            return i
        y = 2 * x * y + cy
        x = x2 - y2 + cx
    return most


def run(n):
    s = 0
    for row in range(n):
        cy = 2 * row / n - 1
        for column in range(n):
            cx = 2 * column / n - 1.5
            s += escape(cx, cy, 50)
    return s
