// Dates: the specifiers that programs use most. The others are a fault that says so.
export const DATES = String.raw`
MONTHS = "January February March April May June July August September October November December".split()


WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


DATE_SHORTHANDS = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "X": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "x": "%m/%d/%y"}


def expand_format(format):
    return re.sub("%(.)", lambda spec: DATE_SHORTHANDS.get(spec[1], spec[0]), format)


def days_from_date(year, month, day):
    """Days since 1970-01-01, in the calendar of today extended to all years."""
    year -= month <= 2
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + day_of_year - 719468


def date_from_days(days):
    days += 719468
    era, day_of_era = divmod(days, 146097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def ilo_dtfmt(place, epoch, format):
    if not isinstance(epoch, float) or not isinstance(format, str):
        refuse(place, "dtfmt", "requires a number (epoch) and text (format)")
    if epoch - epoch != 0:
        return Err("dtfmt: epoch is not finite (" + show_number(epoch) + ")")
    if abs(epoch) > 2.0**63:
        return Err("dtfmt: epoch out of range (" + show_number(epoch) + ")")
    days, second = divmod(int(epoch), 86400)
    year, month, day = date_from_days(days)
    if abs(year) > 262142:
        return Err("dtfmt: timestamp out of range (" + show_number(float(int(epoch))) + ")")
    hour = second // 3600
    weekday = WEEKDAYS[(days + 3) % 7]
    long_year = "%04d" % year if 0 <= year < 10000 else "%+05d" % year
    values = {
        "Y": long_year,
        "C": "%02d" % (year // 100),
        "y": "%02d" % (year % 100),
        "m": "%02d" % month,
        "d": "%02d" % day,
        "e": "%2d" % day,
        "j": "%03d" % (days - days_from_date(year, 1, 1) + 1),
        "H": "%02d" % hour,
        "k": "%2d" % hour,
        "I": "%02d" % (hour % 12 or 12),
        "l": "%2d" % (hour % 12 or 12),
        "M": "%02d" % (second // 60 % 60),
        "S": "%02d" % (second % 60),
        "p": "AM" if hour < 12 else "PM",
        "P": "am" if hour < 12 else "pm",
        "A": weekday,
        "a": weekday[:3],
        "B": MONTHS[month - 1],
        "b": MONTHS[month - 1][:3],
        "h": MONTHS[month - 1][:3],
        "u": str((days + 3) % 7 + 1),
        "w": str((days + 4) % 7),
        "s": str(int(epoch)),
        "Z": "UTC",
        "z": "+0000",
        "n": "\n",
        "t": "\t",
        "%": "%",
    }
    text = []
    for literal, spec in re.findall("([^%]+)|%(.?)", expand_format(format), re.S):
        if not literal and spec not in values:
            if spec in "GgUVWcfqrvE+:#.369-0_" and spec:
                refuse(place, "dtfmt", "this Python program cannot use %" + spec)
            return Err("dtfmt: bad or unsupported format string")
        text.append(literal or values[spec])
    return Ok("".join(text))


def ilo_dtparse(place, text, format):
    if not isinstance(text, str) or not isinstance(format, str):
        refuse(place, "dtparse", "requires two text args")
    widths = {"Y": 4, "m": 2, "d": 2, "e": 2, "H": 2, "M": 2, "S": 2, "j": 3, "y": 2, "s": 19}
    found = {}
    at = 0
    for space, literal, spec in re.findall(r"(\s+)|([^%\s]+)|%(.?)", expand_format(format), re.S):
        if space:
            at += len(text[at:]) - len(text[at:].lstrip(WHITE_SPACE))
            continue
        if literal or spec == "%":
            wanted = literal or spec
            if not text.startswith(wanted, at):
                wrong = at < len(text) and not wanted.startswith(text[at:])
                return Err("dtparse: " + ("input contains invalid characters" if wrong else "premature end of input"))
            at += len(wanted)
            continue
        names = {"B": MONTHS, "b": MONTHS, "h": MONTHS, "A": WEEKDAYS, "a": WEEKDAYS}.get(spec)
        if names is None and spec not in widths:
            refuse(place, "dtparse", "this Python program cannot use %" + spec)
        at += len(text[at:]) - len(text[at:].lstrip(WHITE_SPACE)) if names is None else 0
        if at >= len(text):
            return Err("dtparse: premature end of input")
        if names is None:
            match = re.compile(("[+-]?" if spec in "Ys" else "") + "[0-9]{1,%d}" % widths[spec]).match(text, at)
        else:
            choices = "|".join(name[:3] + "(?:" + name[3:] + ")?" for name in names)
            match = re.compile(choices, re.I).match(text, at)
        if match is None:
            return Err("dtparse: input contains invalid characters")
        at = match.end()
        found["b" if spec in "Bh" else "a" if spec == "A" else "d" if spec == "e" else spec] = (
            int(match[0]) if names is None else [name[:3].lower() for name in names].index(match[0][:3].lower()) + 1
        )
    if at < len(text):
        return Err("dtparse: trailing input")
    return epoch_of(found)


def epoch_of(found):
    if "s" in found:
        return Ok(float(found["s"]))
    year = found.get("Y")
    if year is None and "y" in found:
        year = found["y"] + (2000 if found["y"] < 70 else 1900)
    month = found.get("m", found.get("b"))
    hour, minute, second = found.get("H", 0), found.get("M", 0), found.get("S", 0)
    if year is None or ("j" not in found and (month is None or "d" not in found)) or ("H" in found) != ("M" in found):
        return Err("dtparse: input is not enough for unique date and time")
    if "j" in found:
        days = days_from_date(year, 1, 1) + found["j"] - 1
        fits = date_from_days(days)[0] == year and found["j"] > 0
    else:
        fits = 1 <= month <= 12
        days = days_from_date(year, month, found["d"]) if fits else 0
        fits = fits and date_from_days(days) == (year, month, found["d"])
    if not fits or hour > 23 or minute > 59 or second > 60:
        return Err("dtparse: input is out of range")
    if "a" in found and (days + 3) % 7 + 1 != found["a"]:
        return Err("dtparse: no possible date and time matching input")
    return Ok(float(days * 86400 + hour * 3600 + minute * 60 + second))
`;
