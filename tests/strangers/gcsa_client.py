"""Google Calendar Simple API (gcsa), a client of other people, with another root address for the library it stands on."""

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from google.oauth2.credentials import Credentials
from googleapiclient import discovery

from facts import fact, tell, token_of, url

discovery.build = partial(discovery.build, client_options={"api_endpoint": f"{url}/calendar/v3/"})

from gcsa.acl import ACLRole, ACLScopeType, AccessControlRule  # noqa: E402
from gcsa.attendee import Attendee  # noqa: E402
from gcsa.calendar import Calendar, CalendarListEntry  # noqa: E402
from gcsa.event import Event, Transparency, Visibility  # noqa: E402
from gcsa.google_calendar import GoogleCalendar, SendUpdatesMode  # noqa: E402
from gcsa.recurrence import DAILY, Recurrence  # noqa: E402
from gcsa.reminders import PopupReminder  # noqa: E402

berlin = ZoneInfo("Europe/Berlin")
_people = iter(range(1, 1000))


def client():
    email = f"person{next(_people)}@gcsa.example"
    return GoogleCalendar(email, credentials=Credentials(token_of("google", email))), email


def at(hour, day=5):
    return datetime(2026, 3, day, hour, tzinfo=berlin)


@fact("adds, reads, changes and deletes an event")
def _():
    calendar, _email = client()
    made = calendar.add_event(
        Event(
            "Retro",
            start=at(9),
            end=at(10),
            description="Bring a pen",
            location="Room 1",
            color_id="5",
            visibility=Visibility.PRIVATE,
            transparency=Transparency.TRANSPARENT,
            reminders=[PopupReminder(minutes_before_start=20)],
            attendees=[Attendee("Friend@gcsa.example", display_name="Friend")],
        ),
        send_updates=SendUpdatesMode.NONE,
    )
    read = calendar.get_event(made.event_id)
    assert (read.summary, read.description, read.location) == ("Retro", "Bring a pen", "Room 1")
    assert (read.visibility, read.transparency, read.color_id) == ("private", "transparent", "5")
    assert read.start == at(9) and read.reminders[0].minutes_before_start == 20
    assert [one.email for one in read.attendees] == ["friend@gcsa.example"]
    read.summary = "Demo"
    assert calendar.update_event(read).summary == "Demo"
    calendar.delete_event(read)
    assert list(calendar.get_events(at(0, 1), at(0, 30))) == []


@fact("lists the events of a span in their order, and finds them by a word")
def _():
    calendar, _email = client()
    for hour, summary in [(12, "Lunch"), (9, "Stand-up"), (15, "Tea")]:
        calendar.add_event(Event(summary, start=at(hour), end=at(hour + 1)))
    calendar.add_event(Event("Holiday", start=date(2026, 3, 5), end=date(2026, 3, 6)))
    found = calendar.get_events(at(0, 5), at(0, 6), order_by="startTime", single_events=True)
    assert [one.summary for one in found] == ["Holiday", "Stand-up", "Lunch", "Tea"]
    assert [one.summary for one in calendar.get_events(at(0, 1), at(0, 30), query="lunch")] == ["Lunch"]


@fact("keeps a series, its instances and a changed one")
def _():
    calendar, _email = client()
    series = calendar.add_event(
        Event(
            "Stand-up",
            start=at(9),
            end=at(10),
            timezone="Europe/Berlin",
            recurrence=Recurrence.rule(freq=DAILY, count=4),
        )
    )
    instances = list(calendar.get_instances(series, at(0, 1), at(0, 30)))
    assert [one.start.day for one in instances] == [5, 6, 7, 8], instances
    instances[1].summary = "Kick-off"
    calendar.update_event(instances[1])
    calendar.delete_event(instances[2])
    later = list(calendar.get_instances(series, at(0, 1), at(0, 30)))
    assert [one.summary for one in later] == ["Stand-up", "Kick-off", "Stand-up"]


@fact("moves an event to another calendar and imports one")
def _():
    calendar, _email = client()
    work = next(one for one in calendar.get_calendar_list() if one.summary == "Work")
    made = calendar.add_event(Event("Retro", start=at(9), end=at(10)))
    assert calendar.move_event(made, work.calendar_id).event_id == made.event_id
    imported = calendar.import_event(
        Event("Far", start=at(9), end=at(10), iCalUID="far@away.example")
    )
    assert imported.other["iCalUID"] == "far@away.example"


@fact("makes a calendar, renames it, colours it in the list and deletes it")
def _():
    calendar, email = client()
    made = calendar.add_calendar(Calendar("Team", description="Ours", timezone="Asia/Tokyo"))
    assert calendar.get_calendar(made.calendar_id).timezone == "Asia/Tokyo"
    made.summary = "Crew"
    assert calendar.update_calendar(made).summary == "Crew"
    entry = calendar.get_calendar_list_entry(made.calendar_id)
    entry.color_id = "3"
    assert calendar.update_calendar_list_entry(entry).color_id == "3"
    calendar.delete_calendar(made)
    assert sorted(one.calendar_id == email for one in calendar.get_calendar_list()) == [False, True]


@fact("shares a calendar and takes that back")
def _():
    calendar, _email = client()
    rule = calendar.add_acl_rule(
        AccessControlRule(role=ACLRole.READER, scope_type=ACLScopeType.USER, scope_value="friend@gcsa.example")
    )
    assert calendar.get_acl_rule(rule.acl_id).role == ACLRole.READER
    rule.role = ACLRole.WRITER
    assert calendar.update_acl_rule(rule).role == ACLRole.WRITER
    calendar.delete_acl_rule(rule)
    assert [one.role for one in calendar.get_acl_rules()] == [ACLRole.OWNER]


@fact("reads busy times, colours and settings")
def _():
    calendar, email = client()
    calendar.add_event(Event("Retro", start=at(9), end=at(10)))
    busy = calendar.get_free_busy(time_min=at(0, 1), time_max=at(0, 30))
    assert [(span.start, span.end) for span in busy.calendars[email]] == [(at(9), at(10))]
    assert len(calendar.list_event_colors()) == 11
    assert calendar.get_settings().timezone


tell()
