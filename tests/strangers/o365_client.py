"""python-o365, a client of other people, told nothing but another protocol address."""

from datetime import datetime
from zoneinfo import ZoneInfo

import requests
from O365 import Account, MSGraphProtocol
from O365.calendar import EventType
from O365.utils.token import MemoryTokenBackend

from facts import fact, requests_of, tell, token_of, url

berlin = ZoneInfo("Europe/Berlin")
_people = iter(range(1, 1000))


class SandboxProtocol(MSGraphProtocol):
    _protocol_url = f"{url}/"


def client():
    """The schedule of a new account, and the account's address."""
    email = f"person{next(_people)}@o365.example"
    account = Account(
        ("client", "secret"),
        protocol=SandboxProtocol(timezone=berlin),
        token_backend=MemoryTokenBackend(),
    )
    # The library signs in at Microsoft's own address; a token in its session is all that a call needs.
    account.connection.session = requests.Session()
    account.connection.session.headers["Authorization"] = f"Bearer {token_of('microsoft', email)}"
    return account.schedule(), email


def at(hour, day=5):
    return datetime(2026, 3, day, hour, tzinfo=berlin)


def add(calendar, subject, hour=9, day=5):
    event = calendar.new_event(subject)
    event.start = at(hour, day)
    event.end = at(hour + 1, day)
    event.save()
    return event


def march(calendar, **more):
    span = {"start_recurring": at(0, 1), "end_recurring": at(0, 30)}
    found = calendar.get_events(limit=100, include_recurring=True, **span, **more)
    return sorted(found, key=lambda one: one.start)


@fact("adds, reads, changes and deletes an event")
def _():
    schedule, _email = client()
    calendar = schedule.get_default_calendar()
    event = calendar.new_event("Retro")
    event.start, event.end = at(9), at(10)
    event.body = "Bring a <b>pen</b>"
    event.location = "Room 1"
    event.categories = ["Blue category"]
    event.remind_before_minutes = 20
    assert event.save()
    read = calendar.get_event(event.object_id)
    assert read.subject == "Retro" and read.start == at(9) and "pen" in read.body
    assert read.location["displayName"] == "Room 1" and read.remind_before_minutes == 20
    read.subject = "Demo"
    assert read.save()
    assert calendar.get_event(event.object_id).subject == "Demo"
    assert read.delete()
    assert march(calendar) == []


@fact("knows the calendars and makes one, renames it and deletes it")
def _():
    schedule, _email = client()
    assert [one.name for one in schedule.list_calendars()] == [schedule.get_default_calendar().name, "Work"]
    made = schedule.new_calendar("Team")
    made.name = "Crew"
    assert made.update()
    assert schedule.get_calendar(calendar_name="Crew").calendar_id == made.calendar_id
    assert made.delete()
    assert len(schedule.list_calendars()) == 2


@fact("reads a span page by page")
def _():
    schedule, email = client()
    calendar = schedule.get_default_calendar()
    for day in range(2, 9):
        add(calendar, f"day {day}", day=day)
    before = len(requests_of("microsoft", email))
    assert [one.start.day for one in march(calendar, batch=3)] == list(range(2, 9))
    assert len(requests_of("microsoft", email)) - before == 3


@fact("keeps a series and reads its occurrences")
def _():
    schedule, _email = client()
    calendar = schedule.get_default_calendar()
    event = calendar.new_event("Stand-up")
    event.start, event.end = at(9), at(10)
    event.recurrence.set_weekly(1, days_of_week=["thursday"], first_day_of_week="monday", start=at(9).date(), occurrences=3)
    assert event.save()
    series = calendar.get_event(event.object_id)
    assert series.recurrence.occurrences == 3 and series.event_type == EventType.SeriesMaster, series.event_type
    occurrences = list(series.get_occurrences(at(0, 1), at(0, 30)))
    assert [one.start.day for one in occurrences] == [5, 12, 19]


@fact("filters and orders events")
def _():
    schedule, _email = client()
    calendar = schedule.get_default_calendar()
    for hour, subject in [(12, "Lunch"), (9, "Stand-up"), (15, "Tea")]:
        add(calendar, subject, hour)
    query = calendar.new_query().equals("subject", "Lunch")
    assert [one.subject for one in calendar.get_events(query=query, include_recurring=False)] == ["Lunch"]
    later = "start/dateTime ge '2026-03-05T11:00:00'"
    found = calendar.get_events(query=later, include_recurring=False, order_by="start/dateTime")
    assert [one.subject for one in found] == ["Lunch", "Tea"]


@fact("answers an invitation and cancels a meeting of its own")
def _():
    schedule, _email = client()
    calendar = schedule.get_default_calendar()
    event = calendar.new_event("Retro")
    event.start, event.end = at(9), at(10)
    event.attendees.add("friend@o365.example")
    assert event.save()
    assert event.cancel_event("Sorry")


tell()
