"""Generates recurrence rules and answers which dates they mean, by libraries that share no code with ours.

usage: recurrence.py SEED FLOATING ZONED

FLOATING rules are answered by dateutil in floating time, ZONED series (with EXDATE and RDATE, around changes of the clock)
by recurring-ical-events. Prints one JSON object a line. The same seed prints the same lines.
"""

import datetime
import itertools
import json
import random
import sys
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr

LAST_YEAR = 2060
# dateutil follows a rule that matches nothing to the last year it knows; ours is asked no further than this.
datetime.MAXYEAR = LAST_YEAR

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WEEK_NUMBERS = [1, 2, 10, 20, 51, 52, 53, -1, -2]
YEAR_DAYS = [1, 59, 60, 61, 100, 200, 365, 366, -1, -366]
MONTH_DAYS = [1, 2, 13, 15, 28, 29, 30, 31, -1, -2, -30, -31]
ODD_STARTS = [(2020, 2, 29), (2021, 1, 31), (2024, 12, 30), (2016, 12, 31), (2026, 1, 1), (2023, 10, 31)]
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "UTC",
]
# Local dates on which clocks change in some of these zones.
CHANGES = [
    (2026, 3, 29),
    (2026, 10, 25),
    (2026, 3, 8),
    (2026, 11, 1),
    (2018, 11, 4),
    (2019, 2, 17),
    (2026, 4, 5),
    (2026, 10, 4),
]


def some(chance, values, most):
    return chance.sample(values, chance.randint(1, most))


def numbers(values):
    return ",".join(str(value) for value in values)


def rule_parts(chance):
    """The parts of a rule that RFC 5545 allows and calendars agree on, without its end."""
    frequency = chance.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = {"FREQ": frequency}
    if frequency == "YEARLY" and chance.random() < 0.12:
        parts["BYWEEKNO"] = numbers(some(chance, WEEK_NUMBERS, 3))
        parts["BYDAY"] = ",".join(some(chance, DAYS, 3))
        if chance.random() < 0.5:
            parts["WKST"] = chance.choice(DAYS)
        return parts
    if chance.random() < 0.5:
        parts["INTERVAL"] = str(chance.choice([1, 2, 2, 3, 4, 5, 6, 7, 12, 13, 24]))
    if chance.random() < 0.4:
        parts["WKST"] = chance.choice(DAYS)
    if chance.random() < 0.25:
        parts["BYMONTH"] = numbers(some(chance, list(range(1, 13)), chance.choice([1, 3, 12])))
    if frequency == "YEARLY" and chance.random() < 0.15:
        parts["BYYEARDAY"] = numbers(some(chance, YEAR_DAYS, 3))
    elif frequency != "WEEKLY" and chance.random() < 0.35:
        parts["BYMONTHDAY"] = numbers(some(chance, MONTH_DAYS, 4))
    if "BYYEARDAY" not in parts and chance.random() < 0.5:
        parts["BYDAY"] = by_day(chance, parts)
    has_days = any(name in parts for name in ("BYDAY", "BYMONTHDAY", "BYYEARDAY"))
    if frequency != "DAILY" and has_days and chance.random() < 0.3:
        most = len(parts["BYDAY"].split(",")) if frequency == "WEEKLY" else 5
        positions = [position for position in [1, 2, 3, 4, 5, -1, -2, -3] if abs(position) <= most]
        parts["BYSETPOS"] = numbers(some(chance, positions, 2))
    return parts


def by_day(chance, parts):
    may_count = parts["FREQ"] in ("MONTHLY", "YEARLY") and "BYMONTHDAY" not in parts
    if may_count and chance.random() < 0.6:
        positions = [1, 2, 3, 4, 5, -1, -2, -5]
        if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts:
            positions += [20, 52, -52]
        return ",".join(f"{chance.choice(positions)}{day}" for day in some(chance, DAYS, 2))
    return ",".join(some(chance, DAYS, 7))


def first_date(chance):
    if chance.random() < 0.25:
        return datetime.datetime(*chance.choice(ODD_STARTS))
    return datetime.datetime(chance.randint(2012, 2027), chance.randint(1, 12), chance.randint(1, 28))


def matches(parts, start):
    """Dates in order. dateutil cuts the first week off at DTSTART before BYSETPOS picks in it, so it is given whole weeks."""
    if "BYWEEKNO" in parts:
        return in_weeks(parts, start)
    begin = start
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        week_start = DAYS.index(parts.get("WKST", "MO"))
        begin = start - datetime.timedelta(days=(start.weekday() - week_start) % 7)
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    return (date for date in rrulestr(text, dtstart=begin) if date >= start)


def in_weeks(parts, start):
    """dateutil takes the first days of January for week 53 after years without one, so weeks are counted here."""
    weeks = {int(number) for number in parts["BYWEEKNO"].split(",")}
    days = parts["BYDAY"].split(",")
    week_start = DAYS.index(parts.get("WKST", "MO"))
    for ordinal in range(start.toordinal(), datetime.datetime(LAST_YEAR, 12, 31).toordinal() + 1):
        date = datetime.datetime.fromordinal(ordinal)
        if DAYS[date.weekday()] in days and weeks & set(week_numbers(date, week_start)):
            yield date


def week_numbers(date, week_start):
    """A week belongs to the year that its fourth day lies in; numbered from the year's beginning and from its end."""
    fourth = date + datetime.timedelta(days=3 - (date.weekday() - week_start) % 7)
    days_after = (datetime.datetime(fourth.year, 12, 31) - fourth).days
    return (fourth.timetuple().tm_yday - 1) // 7 + 1, -(days_after // 7) - 1


def floating_case(chance):
    parts = rule_parts(chance)
    start = first_date(chance)
    end, count, until = "", None, None
    draw = chance.random()
    if draw < 0.25:
        # A COUNT that takes a century is refused, so it counts no more dates than there are in some decades.
        count = len(list(itertools.islice(matches(parts, start), chance.choice([1, 2, 3, 7, 20, 60]))))
        end = f";COUNT={count}" if count > 0 else ""
    elif draw < 0.5:
        until = start + datetime.timedelta(days=chance.choice([0, 1, 20, 200, 2000, 9000]))
        end = f";UNTIL={until:%Y%m%d}"
    first, late = [], []
    for index, date in enumerate(matches(parts, start)):
        if (count is not None and index == count) or (until is not None and date > until):
            break
        if date.year > LAST_YEAR:
            break
        if len(first) < 10:
            first.append(f"{date:%Y-%m-%d}")
        if date.year == 2045 and len(late) < 6:
            late.append(f"{date:%Y-%m-%d}")
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    return {"start": f"{start:%Y-%m-%d}", "rule": rule + end, "first": first, "in2045": late}


def zoned_case(chance):
    zone = chance.choice(ZONES)
    change = datetime.datetime(*chance.choice(CHANGES))
    near = change - datetime.timedelta(days=chance.randint(0, 40))
    near = near.replace(hour=chance.choice([0, 1, 2, 3, 9, 23]), minute=chance.choice([0, 15, 30]))
    parts = rule_parts(chance)
    if parts["FREQ"] == "YEARLY" or "BYSETPOS" in parts:
        parts = {"FREQ": "WEEKLY", "BYDAY": ",".join(some(chance, DAYS, 3))}
    # recurring-ical-events shows DTSTART whether it matches or not, so the series begins where its rule does.
    start = next(matches(parts, near), None)
    if start is None or start.year > near.year + 1 or is_left_out(start, zone):
        return None
    dates = []
    for date in matches(parts, start):
        if len(dates) == 40 or date > change + datetime.timedelta(days=60):
            break
        dates.append(date)
    if not dates:
        return None

    lines = ["RRULE:" + ";".join(f"{name}={value}" for name, value in parts.items())]
    draw = chance.random()
    if draw < 0.35:
        lines[0] += f";COUNT={chance.randint(1, len(dates))}"
    elif draw < 0.7:
        last = chance.choice(dates).replace(tzinfo=ZoneInfo(zone)).astimezone(datetime.timezone.utc)
        lines[0] += f";UNTIL={last:%Y%m%dT%H%M%SZ}"
    for taken in chance.sample(dates, min(len(dates), chance.randint(0, 2))):
        lines.append(f"EXDATE;TZID={zone}:{taken:%Y%m%dT%H%M%S}")
    if chance.random() < 0.3:
        # recurring-ical-events lets an EXDATE take every start of its date out, so the extra one has a date of its own.
        extra = change + datetime.timedelta(days=61, hours=13)
        lines.append(f"RDATE;TZID={zone}:{extra:%Y%m%dT%H%M%S}")
    window = (start - datetime.timedelta(days=2), change + datetime.timedelta(days=65))
    return {
        "zone": zone,
        "start": f"{start:%Y-%m-%dT%H:%M:%S}",
        "lines": lines,
        "from": f"{window[0]:%Y-%m-%dT00:00:00Z}",
        "to": f"{window[1]:%Y-%m-%dT00:00:00Z}",
        "starts": zoned_starts(zone, start, lines, window),
    }


def is_left_out(wall, zone):
    """Whether clocks in the zone skip a wall time: what vendors send as a first start is one that clocks show."""
    there = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(datetime.timezone.utc)
    return there.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall


def zoned_starts(zone, start, lines, window):
    text = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:oracle",
            "BEGIN:VEVENT",
            "UID:oracle",
            "DTSTAMP:20200101T000000Z",
            f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}",
            "DURATION:PT1H",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
    utc = datetime.timezone.utc
    begin, end = (edge.replace(hour=0, minute=0, tzinfo=utc) for edge in window)
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(begin, end)
    starts = {event["DTSTART"].dt.astimezone(utc) for event in events}
    return [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in sorted(starts)]


def main():
    seed, floating, zoned = (int(word) for word in sys.argv[1:4])
    chance = random.Random(seed)
    for _ in range(floating):
        print(json.dumps(floating_case(chance), separators=(",", ":")))
    while zoned > 0:
        case = zoned_case(chance)
        if case is not None:
            print(json.dumps(case, separators=(",", ":")))
            zoned -= 1


main()
