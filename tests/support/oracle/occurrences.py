"""Answers which occurrences a calendar file means, by a library that shares no code with ours.

usage: occurrences.py FILE FROM TO

FROM and TO are dates (YYYY-MM-DD). Prints one JSON object a line, {"start", "title"}, sorted: `start` an instant in UTC, or a
date for what takes whole days.
"""

import datetime
import json
import sys

import icalendar
import recurring_ical_events


def start_of(event):
    start = event["DTSTART"].dt
    if not isinstance(start, datetime.datetime):
        return start.isoformat()
    return start.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    file, first, last = sys.argv[1:]
    with open(file, "rb") as opened:
        calendar = icalendar.Calendar.from_ical(opened.read())
    between = (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
    shown = [
        {"start": start_of(event), "title": str(event.get("SUMMARY", "")).strip()}
        for event in recurring_ical_events.of(calendar).between(*between)
    ]
    for occurrence in sorted(shown, key=lambda one: (one["start"], one["title"])):
        print(json.dumps(occurrence, ensure_ascii=False))


main()
