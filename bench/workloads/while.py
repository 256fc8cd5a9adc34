def run(n):
    most = 0
    for start in range(1, n):
        x = start
        steps = 0
        while x > 1:
            if x % 2 == 0:
                x = x // 2
            else:
                x = 3 * x + 1
            steps += 1
        if steps > most:
            most = steps
    return most
