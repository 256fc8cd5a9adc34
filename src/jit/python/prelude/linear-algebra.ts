// Matrices and the fast Fourier transform: the same steps in the same order as the builtins.
export const LINEAR_ALGEBRA = `
def want_rows(place, name, what, value):
    rows = want_list(place, name, what, value).view()
    for row in rows:
        if not isinstance(row, List):
            refuse(place, name, "rows must be lists, got " + describe(row))
    return rows


def row_of(place, name, items):
    for element in items.view():
        if not isinstance(element, float):
            refuse(place, name, "elements must be numbers, got " + describe(element))
    return items.view()[:]


def columns_of(place, name, what, rows):
    columns = rows[0].length if rows else 0
    for row in rows:
        if row.length != columns:
            message = "ragged rows" + what + " (expected " + str(columns) + " cols, got " + str(row.length) + ")"
            refuse(place, name, message)
    return columns


def want_square(place, name, value):
    rows = want_rows(place, name, "matrix", value)
    if not rows:
        refuse(place, name, "empty matrix")
    if any(row.length != len(rows) for row in rows):
        refuse(place, name, "matrix must be square")
    return [row_of(place, name, row) for row in rows]


def decompose(matrix):
    """Factors a matrix in place, with partial pivoting: the order of its rows, the determinant, whether it is singular."""
    size = len(matrix)
    order = list(range(size))
    determinant = 1.0
    singular = False
    for k in range(size):
        pivot = k
        for i in range(k + 1, size):
            if abs(matrix[i][k]) > abs(matrix[pivot][k]):
                pivot = i
        if abs(matrix[pivot][k]) < 1e-12:
            singular = True
            continue
        if pivot != k:
            matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
            order[k], order[pivot] = order[pivot], order[k]
            determinant = -determinant
        for i in range(k + 1, size):
            factor = matrix[i][k] / matrix[k][k]
            matrix[i][k] = factor
            for j in range(k + 1, size):
                matrix[i][j] -= factor * matrix[k][j]
    for i in range(size):
        determinant *= matrix[i][i]
    return order, 0.0 if singular else determinant, singular


def solve_with(factors, order, right):
    size = len(factors)
    x = []
    for i in range(size):
        value = right[order[i]]
        for j in range(i):
            value -= factors[i][j] * x[j]
        x.append(value)
    for i in reversed(range(size)):
        value = x[i]
        for j in range(i + 1, size):
            value -= factors[i][j] * x[j]
        x[i] = value / factors[i][i]
    return x


def ilo_solve(place, matrix, vector):
    factors = want_square(place, "solve", matrix)
    right = row_of(place, "solve", want_list(place, "solve", "vector", vector))
    if len(right) != len(factors):
        refuse(place, "solve", "vector length must match matrix size")
    order, _, singular = decompose(factors)
    if singular:
        refuse(place, "solve", "matrix is singular")
    return List(solve_with(factors, order, right))


def ilo_inv(place, matrix):
    factors = want_square(place, "inv", matrix)
    size = len(factors)
    order, _, singular = decompose(factors)
    if singular:
        refuse(place, "inv", "matrix is singular")
    columns = [solve_with(factors, order, [1.0 if i == j else 0.0 for i in range(size)]) for j in range(size)]
    return List([List([column[i] for column in columns]) for i in range(size)])


def ilo_det(place, matrix):
    return decompose(want_square(place, "det", matrix))[1]


def ilo_matmul(place, first, second):
    a = want_rows(place, "matmul", "first arg", first)
    b = want_rows(place, "matmul", "second arg", second)
    inner = columns_of(place, "matmul", " in first arg", a)
    columns = columns_of(place, "matmul", " in second arg", b)
    if inner != len(b):
        shapes = "(a is %dx%d, b is %dx%d)" % (len(a), inner, len(b), columns)
        refuse(place, "matmul", "shape mismatch " + shapes)
    right = [row_of(place, "matmul", row) for row in b]
    left = [row_of(place, "matmul", row) for row in a]
    return List([List([total(row[k] * right[k][j] for k in range(inner)) for j in range(columns)]) for row in left])


def ilo_transpose(place, matrix):
    rows = want_rows(place, "transpose", "arg", matrix)
    columns = columns_of(place, "transpose", "", rows)
    return List([List([row.view()[j] for row in rows]) for j in range(columns)])


def ilo_dot(place, first, second):
    left = want_list(place, "dot", "first arg", first)
    right = want_list(place, "dot", "second arg", second)
    if left.length != right.length:
        refuse(place, "dot", "length mismatch (xs has %d, ys has %d)" % (left.length, right.length))
    return total(a * b for a, b in zip(row_of(place, "dot", left), row_of(place, "dot", right)))


def transform(real, imaginary, inverse):
    """The fast Fourier transform in place, radix 2."""
    length = len(real)
    mirrored = 0
    for i in range(1, length):
        bit = length >> 1
        while mirrored & bit:
            mirrored ^= bit
            bit >>= 1
        mirrored ^= bit
        if i < mirrored:
            real[i], real[mirrored] = real[mirrored], real[i]
            imaginary[i], imaginary[mirrored] = imaginary[mirrored], imaginary[i]
    block = 2
    while block <= length:
        half = block // 2
        angle = ((1 if inverse else -1) * 2 * math.pi) / block
        step_real = cosine(angle)
        step_imaginary = sine(angle)
        for start in range(0, length, block):
            factor_real = 1.0
            factor_imaginary = 0.0
            for low in range(start, start + half):
                high = low + half
                odd_real = real[high] * factor_real - imaginary[high] * factor_imaginary
                odd_imaginary = real[high] * factor_imaginary + imaginary[high] * factor_real
                real[high] = real[low] - odd_real
                imaginary[high] = imaginary[low] - odd_imaginary
                real[low] += odd_real
                imaginary[low] += odd_imaginary
                next_real = factor_real * step_real - factor_imaginary * step_imaginary
                factor_imaginary = factor_real * step_imaginary + factor_imaginary * step_real
                factor_real = next_real
        block *= 2
    if inverse:
        for i in range(length):
            real[i] *= 1.0 / length


def padded_length(place, name, items):
    if not items:
        refuse(place, name, "input list must not be empty")
    length = 1
    while length < len(items):
        length *= 2
    return length


def ilo_fft(place, items):
    numbers = want_list(place, "fft", "arg", items)
    length = padded_length(place, "fft", numbers)
    real = want_numbers(place, "fft", numbers)
    real += [0.0] * (length - len(real))
    imaginary = [0.0] * length
    transform(real, imaginary, False)
    return List([List([a, b]) for a, b in zip(real, imaginary)])


def ilo_ifft(place, items):
    pairs = want_list(place, "ifft", "arg", items)
    length = padded_length(place, "ifft", pairs)
    real = [0.0] * length
    imaginary = [0.0] * length
    for i, pair in enumerate(pairs.view()):
        if not isinstance(pair, List) or pair.length != 2:
            refuse(place, "ifft", "each element must be a [real, imag] pair, got " + describe(pair))
        real[i], imaginary[i] = pair.view()
        if not are_numbers(real[i], imaginary[i]):
            refuse(place, "ifft", "pair elements must be numbers")
    transform(real, imaginary, True)
    return List(real)
`;
