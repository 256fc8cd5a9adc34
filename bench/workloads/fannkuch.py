def flips(perm):
    count = 0
    first = perm[0]
    while first > 0:
        i = 0
        j = first
        while i < j:
            perm[i], perm[j] = perm[j], perm[i]
            i += 1
            j -= 1
        count += 1
        first = perm[0]
    return count


def run(n):
    perm = list(range(n))
    left = list(range(n))
    checksum = 0
    most = 0
    even = True
    r = n
    while True:
        while r > 1:
            left[r - 1] = r
            r -= 1
        count = flips(perm[:])
        if count > most:
            most = count
        if even:
            checksum += count
        else:
            checksum -= count
        even = not even
        while True:
            if r == n:
                return checksum * 100 + most
            first = perm[0]
            for i in range(r):
                perm[i] = perm[i + 1]
            perm[r] = first
            left[r] -= 1
            if left[r] > 0:
                break
            r += 1
