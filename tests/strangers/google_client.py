"""Google's own client for Python, as it is published; its own description of the API, with another root address."""

import json
import pathlib

import googleapiclient
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from facts import Hook, control, fact, requests_of, tell, token_of, url

_documents = pathlib.Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
_description = json.loads((_documents / "calendar.v3.json").read_text())
_description["rootUrl"] = f"{url}/"

_people = iter(range(1, 1000))


def client():
    """A client of a new account, and the account's address."""
    email = f"person{next(_people)}@google.example"
    return client_of(email), email


def client_of(email):
    return build_from_document(_description, credentials=Credentials(token_of("google", email)))


def day(date):
    return {"start": {"date": f"2026-03-{date:02}"}, "end": {"date": f"2026-03-{date + 1:02}"}}


def insert(service, summary, **more):
    body = {"summary": summary, **day(5), **more}
    return service.events().insert(calendarId="primary", body=body).execute()


def pages(service, **parameters):
    """Every item of all pages, and the last page."""
    items = []
    request = service.events().list(calendarId="primary", **parameters)
    while request is not None:
        page = request.execute()
        items += page["items"]
        request = service.events().list_next(request, page)
    return items, page


def refusal(request, retries=0):
    """The status and the first reason a request is refused with."""
    try:
        request.execute(num_retries=retries)
    except HttpError as error:
        return error.status_code, error.error_details[0]["reason"]
    raise AssertionError("not refused")


@fact("pages through a full list and follows a sync token")
def _():
    service, _email = client()
    made = [insert(service, name) for name in "abcde"]
    items, page = pages(service, maxResults=2)
    assert [item["summary"] for item in items] == list("abcde"), items
    service.events().patch(calendarId="primary", eventId=made[0]["id"], body={"summary": "A"}).execute()
    service.events().delete(calendarId="primary", eventId=made[1]["id"]).execute()
    changed, later = pages(service, syncToken=page["nextSyncToken"], maxResults=1)
    assert [item.get("summary", item["status"]) for item in changed] == ["A", "cancelled"], changed
    nothing, _page = pages(service, syncToken=later["nextSyncToken"])
    assert nothing == []


@fact("meets 410 with a token that is too old, and starts over")
def _():
    service, email = client()
    _items, page = pages(service)
    control("POST", "clock", {"advance": "P40D"})
    service = client_of(email)
    request = service.events().list(calendarId="primary", syncToken=page["nextSyncToken"])
    assert refusal(request) == (410, "fullSyncRequired")
    assert pages(service)[0] == []


@fact("is refused by a stale etag")
def _():
    service, _email = client()
    made = insert(service, "a")
    request = service.events().patch(calendarId="primary", eventId=made["id"], body={"summary": "b"})
    request.headers["If-Match"] = made["etag"]
    request.execute()
    again = service.events().update(calendarId="primary", eventId=made["id"], body={**day(6)})
    again.headers["If-Match"] = made["etag"]
    assert refusal(again) == (412, "conditionNotMet")


@fact("makes an event once by an id of its own, deletes it once, and revives it")
def _():
    service, _email = client()
    insert(service, "a", id="mine0")
    body = {"id": "mine0", **day(5)}
    assert refusal(service.events().insert(calendarId="primary", body=body)) == (409, "duplicate")
    delete = service.events().delete(calendarId="primary", eventId="mine0")
    assert delete.execute() == ""
    assert refusal(service.events().delete(calendarId="primary", eventId="mine0")) == (410, "deleted")
    status = {"status": "confirmed"}
    service.events().patch(calendarId="primary", eventId="mine0", body=status).execute()
    assert pages(service)[0][0]["id"] == "mine0"


@fact("pages through the instances of a series")
def _():
    service, _email = client()
    zone = {"timeZone": "Europe/Berlin"}
    series = service.events().insert(
        calendarId="primary",
        body={
            "summary": "Stand-up",
            "start": {"dateTime": "2026-03-05T09:00:00", **zone},
            "end": {"dateTime": "2026-03-05T10:00:00", **zone},
            "recurrence": ["RRULE:FREQ=DAILY;COUNT=5"],
        },
    ).execute()
    found = []
    request = service.events().instances(calendarId="primary", eventId=series["id"], maxResults=2)
    while request is not None:
        page = request.execute()
        found += [item["originalStartTime"]["dateTime"][:10] for item in page["items"]]
        request = service.events().instances_next(request, page)
    assert found == [f"2026-03-0{date}" for date in range(5, 10)], found
    one = service.events().instances(
        calendarId="primary", eventId=series["id"], originalStart="2026-03-06T09:00:00+01:00"
    )
    assert len(one.execute()["items"]) == 1


@fact("calls many methods in one batch, and each answer finds its caller")
def _():
    service, _email = client()
    answers = {}
    batch = service.new_batch_http_request(callback=lambda id, answer, error: answers.update({id: (answer, error)}))
    for name in "abc":
        body = {"summary": name, **day(5)}
        batch.add(service.events().insert(calendarId="primary", body=body), request_id=name)
    batch.add(service.events().get(calendarId="primary", eventId="nothing"), request_id="unknown")
    batch.execute()
    assert [answers[name][0]["summary"] for name in "abc"] == list("abc"), answers
    assert answers["unknown"][1].status_code == 404, answers
    assert len(pages(service)[0]) == 3


@fact("opens a channel, is told of a change, and closes it")
def _():
    service, _email = client()
    with Hook() as hook:
        wish = {"id": "python-channel", "type": "web_hook", "address": hook.url, "token": "secret"}
        channel = service.events().watch(calendarId="primary", body=wish).execute()
        hook.wait_for(1)
        insert(service, "a")
        hook.wait_for(2)
        assert [headers["x-goog-resource-state"] for headers, _ in hook.received] == ["sync", "exists"]
        assert hook.received[1][0]["x-goog-channel-token"] == "secret"
        body = {"id": channel["id"], "resourceId": channel["resourceId"]}
        service.channels().stop(body=body).execute()
        assert refusal(service.channels().stop(body=body)) == (404, "notFound")


@fact("tries again by itself after a rate limit and a server error")
def _():
    service, email = client()
    fault = {"kind": "error", "vendor": "google", "account": email, "times": 1}
    control("POST", "faults", {**fault, "status": 403, "code": "rateLimitExceeded"})
    service.events().list(calendarId="primary").execute(num_retries=1)
    control("POST", "faults", {**fault, "status": 503})
    service.events().list(calendarId="primary").execute(num_retries=1)
    statuses = [status for _method, status in requests_of("google", email)]
    assert statuses == [403, 200, 503, 200], statuses


@fact("does not try again what was refused for good")
def _():
    service, email = client()
    request = service.events().get(calendarId="primary", eventId="nothing")
    assert refusal(request, retries=2) == (404, "notFound")
    assert requests_of("google", email) == [("GET", 404)]


@fact("reads calendars, settings and colours")
def _():
    service, email = client()
    calendars = service.calendarList().list().execute()["items"]
    assert [one["summary"] for one in calendars] == [email, "Work"], calendars
    assert service.calendarList().get(calendarId=calendars[1]["id"]).execute()["summary"] == "Work"
    assert service.calendars().get(calendarId="primary").execute()["id"] == email
    assert "/" in service.settings().get(setting="timezone").execute()["value"]
    assert service.settings().list().execute()["kind"] == "calendar#settings"
    assert "1" in service.colors().get().execute()["event"]


@fact("makes, renames, hides and deletes a calendar of its own")
def _():
    service, _email = client()
    made = service.calendars().insert(body={"summary": "Team"}).execute()
    service.calendars().patch(calendarId=made["id"], body={"summary": "Crew"}).execute()
    assert service.calendars().get(calendarId=made["id"]).execute()["summary"] == "Crew"
    entries = service.calendarList()
    entries.patch(calendarId=made["id"], body={"hidden": True, "colorId": "7"}).execute()
    assert made["id"] not in [one["id"] for one in entries.list().execute()["items"]]
    assert made["id"] in [one["id"] for one in entries.list(showHidden=True).execute()["items"]]
    service.calendars().delete(calendarId=made["id"]).execute()
    assert refusal(service.calendars().get(calendarId=made["id"]))[0] == 404


@fact("shares a calendar by a rule and takes the rule back")
def _():
    service, _email = client()
    rule = {"role": "reader", "scope": {"type": "user", "value": "friend@google.example"}}
    made = service.acl().insert(calendarId="primary", body=rule).execute()
    assert made["id"] == "user:friend@google.example", made
    rules = service.acl().list(calendarId="primary").execute()["items"]
    assert {one["role"] for one in rules} == {"owner", "reader"}, rules
    service.acl().delete(calendarId="primary", ruleId=made["id"]).execute()
    assert len(service.acl().list(calendarId="primary").execute()["items"]) == 1


@fact("asks when an account is busy")
def _():
    service, email = client()
    insert(service, "a")
    body = {
        "timeMin": "2026-03-01T00:00:00Z",
        "timeMax": "2026-04-01T00:00:00Z",
        "items": [{"id": email}, {"id": "nobody@google.example"}],
    }
    answer = service.freebusy().query(body=body).execute()["calendars"]
    assert len(answer[email]["busy"]) == 1, answer
    assert answer["nobody@google.example"]["errors"][0]["reason"] == "notFound", answer


@fact("imports a meeting by its UID and moves an event to another calendar")
def _():
    service, _email = client()
    body = {"iCalUID": "far@away.example", "summary": "Far", **day(5)}
    imported = service.events().import_(calendarId="primary", body=body).execute()
    assert imported["iCalUID"] == "far@away.example"
    made = insert(service, "a")
    work = service.calendarList().list().execute()["items"][1]["id"]
    moved = service.events().move(calendarId="primary", eventId=made["id"], destination=work).execute()
    assert moved["id"] == made["id"]
    assert service.events().get(calendarId=work, eventId=made["id"]).execute()["status"] == "confirmed"
    assert service.events().get(calendarId="primary", eventId=made["id"]).execute()["status"] == "cancelled"


@fact("asks for a part of an answer only")
def _():
    service, _email = client()
    insert(service, "a")
    answer = service.events().list(calendarId="primary", fields="items(id,summary),nextSyncToken").execute()
    assert set(answer) == {"items", "nextSyncToken"}, answer
    assert set(answer["items"][0]) == {"id", "summary"}, answer


tell()
