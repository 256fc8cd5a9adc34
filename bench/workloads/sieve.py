def run(n):
    prime = [True] * n
    count = 0
    for i in range(2, n):
        if prime[i]:
            count += 1
            k = i * i
            while k < n:
                prime[k] = False
                k += i
    return count
