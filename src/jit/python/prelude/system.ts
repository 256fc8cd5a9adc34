// What reaches outside the program: output, the clock, waiting, the environment, chance.
export const SYSTEM = String.raw`
def ilo_prnt(place, value):
    print(show(value))
    return value


def ilo_env(place, name):
    want_text(place, "env", "requires text", name)
    value = None if name == "" or "=" in name or "\0" in name else os.environ.get(name)
    return Err("env var '" + name + "' not set") if value is None else Ok(value)


def ilo_now(place):
    return time.time()


def ilo_sleep(place, milliseconds):
    want_number(place, "sleep", "requires a number of milliseconds", milliseconds)
    if milliseconds - milliseconds == 0 and milliseconds >= 1:
        time.sleep(math.floor(milliseconds) / 1000)


def ilo_rnd(place, *bounds):
    if not bounds:
        return random.random()
    numbers = [want_number(place, "rnd", "requires two numbers", value) for value in bounds]
    low, high = (0.0 if number != number else float(int(max(-(2.0**63), min(2.0**63, number)))) for number in numbers)
    if low > high:
        refuse(place, "rnd", "lower bound " + show_number(low) + " > upper bound " + show_number(high))
    return min(high, low + math.floor(random.random() * (high - low + 1)))


def ilo_rndn(place, mean, deviation):
    want_number(place, "rndn", "requires two numbers", mean)
    want_number(place, "rndn", "requires two numbers", deviation)
    return mean if deviation == 0 else random.gauss(mean, deviation)
`;
