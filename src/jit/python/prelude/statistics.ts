// Sums and statistics: the same steps in the same order as the builtins, so that results agree to the last bit.
export const STATISTICS = `
def total(numbers):
    result = 0.0
    for number in numbers:
        result += number
    return result


def ilo_sum(place, items):
    return total(want_numbers(place, "sum", items))


def ilo_cumsum(place, items):
    result = 0.0
    sums = []
    for number in want_numbers(place, "cumsum", items):
        result += number
        sums.append(result)
    return List(sums)


def some_numbers(place, name, verb, items):
    numbers = want_numbers(place, name, items)
    if not numbers:
        refuse(place, name, "cannot " + verb + " an empty list")
    return numbers


def ilo_avg(place, items):
    numbers = some_numbers(place, "avg", "average", items)
    return total(numbers) / len(numbers)


def ilo_median(place, items):
    numbers = sorted(some_numbers(place, "median", "take median of", items))
    if any(number != number for number in numbers):
        return NAN
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2.0


def ilo_quantile(place, items, p):
    want_number(place, "quantile", "second arg p", p)
    numbers = sorted(some_numbers(place, "quantile", "take quantile of", items))
    if any(number != number for number in numbers):
        return NAN
    if len(numbers) == 1:
        return numbers[0]
    if p != p:
        return NAN
    position = max(0.0, min(1.0, p)) * (len(numbers) - 1)
    low = math.floor(position)
    return numbers[low] + (position - low) * (numbers[math.ceil(position)] - numbers[low])


def variance_of(place, name, items):
    numbers = some_numbers(place, name, "take " + name + " of", items)
    if len(numbers) == 1:
        refuse(place, name, "at least 2 samples required")
    mean = total(numbers) / len(numbers)
    return total((number - mean) * (number - mean) for number in numbers) / (len(numbers) - 1)


def ilo_variance(place, items):
    return variance_of(place, "variance", items)


def ilo_stdev(place, items):
    result = variance_of(place, "stdev", items)
    return result if result != result else math.sqrt(result)
`;
