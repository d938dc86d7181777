"""Microsoft's own client for Python, as it is published, told nothing but another base address."""

from datetime import datetime, timedelta

from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.calendar import Calendar
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.event import Event
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.models.single_value_legacy_extended_property import SingleValueLegacyExtendedProperty
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import CalendarViewRequestBuilder
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder
from msgraph.generated.users.item.events.item.instances.instances_request_builder import InstancesRequestBuilder
from msgraph_core import PageIterator
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem

from facts import Hook, control, fact, requests_of, tell, token_of, url

_people = iter(range(1, 1000))
_march = {"start_date_time": "2026-03-01T00:00:00Z", "end_date_time": "2026-04-01T00:00:00Z"}


class Tokens(AccessTokenProvider):
    def __init__(self, token):
        self._token = token

    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return self._token

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator([])


def adapter_of(email):
    provider = BaseBearerTokenAuthenticationProvider(Tokens(token_of("microsoft", email)))
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = f"{url}/v1.0"
    return adapter


def client():
    """A client of a new account, its adapter and the account's address."""
    email = f"person{next(_people)}@microsoft.example"
    adapter = adapter_of(email)
    return GraphServiceClient(request_adapter=adapter), adapter, email


def at(hour, date=5):
    return DateTimeTimeZone(date_time=f"2026-03-{date:02}T{hour:02}:00:00", time_zone="Europe/Berlin")


def meeting(subject, **more):
    return Event(subject=subject, start=at(9), end=at(10), **more)


def weekly():
    return PatternedRecurrence(
        pattern=RecurrencePattern(
            type=RecurrencePatternType.Weekly, interval=1, days_of_week=[DayOfWeek.Thursday]
        ),
        range=RecurrenceRange(
            type=RecurrenceRangeType.Numbered,
            start_date=datetime(2026, 3, 5).date(),
            number_of_occurrences=3,
        ),
    )


def wishes(parameters=None, **headers):
    configuration = RequestConfiguration(query_parameters=parameters)
    for name, value in headers.items():
        configuration.headers.add(name, value)
    return configuration


async def iterated(page, adapter):
    """Every item from a page on, by the client's own iterator."""
    items = []
    iterator = PageIterator(page, adapter)

    def keep(item):
        items.append(item)
        return True

    await iterator.iterate(keep)
    return items


async def refusal(call):
    """The status and the code a call is refused with."""
    try:
        await call
    except ODataError as error:
        assert error.error.inner_error is not None, error
        return error.response_status_code, error.error.code
    raise AssertionError("not refused")


async def delta_round(client, link=None):
    """All items of a round of calendarView/delta, and the link to go on from."""
    delta = client.me.calendar_view.delta
    page = (
        await delta.get(wishes(DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(**_march), Prefer="odata.maxpagesize=2"))
        if link is None
        else await delta.with_url(link).get()
    )
    items = list(page.value)
    while page.odata_next_link:
        assert page.odata_delta_link is None
        page = await delta.with_url(page.odata_next_link).get()
        items += page.value
    return items, page.odata_delta_link


@fact("creates, reads, changes and deletes an event")
async def _():
    client_, _adapter, _email = client()
    body = ItemBody(content_type=BodyType.Text, content="Bring a pen")
    made = await client_.me.events.post(meeting("Retro", body=body, show_as=FreeBusyStatus.Oof))
    assert made.type == EventType.SingleInstance and made.show_as == FreeBusyStatus.Oof
    one = client_.me.events.by_event_id(made.id)
    read = await one.get()
    assert read.subject == "Retro" and "Bring a pen" in read.body.content
    assert read.created_date_time.tzinfo is not None
    changed = await one.patch(Event(subject="Demo"))
    assert changed.subject == "Demo" and changed.change_key != made.change_key
    await one.delete()
    assert await refusal(one.get()) == (404, "ErrorItemNotFound")


@fact("knows who it is and which calendars there are")
async def _():
    client_, _adapter, email = client()
    me = await client_.me.get()
    assert me.user_principal_name == email and me.id
    calendars = (await client_.me.calendars.get()).value
    assert [one.is_default_calendar for one in calendars] == [True, False]
    assert calendars[1].name == "Work" and calendars[1].can_edit
    assert (await client_.me.calendar.get()).id == calendars[0].id


@fact("makes, renames and deletes a calendar of its own")
async def _():
    client_, _adapter, _email = client()
    made = await client_.me.calendars.post(Calendar(name="Team"))
    one = client_.me.calendars.by_calendar_id(made.id)
    assert (await one.patch(Calendar(name="Crew"))).name == "Crew"
    await one.events.post(meeting("Retro"))
    assert len((await one.events.get()).value) == 1
    await one.delete()
    assert (await refusal(one.get()))[0] == 404


@fact("pages through events and a calendar view by its page iterator")
async def _():
    client_, adapter, _email = client()
    for subject in "abcde":
        await client_.me.events.post(meeting(subject))
    parameters = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(top=2)
    page = await client_.me.events.get(wishes(parameters))
    assert len(page.value) == 2
    assert sorted(one.subject for one in await iterated(page, adapter)) == list("abcde")
    view = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(top=3, **_march)
    assert len(await iterated(await client_.me.calendar_view.get(wishes(view)), adapter)) == 5


@fact("selects, filters, orders and counts events")
async def _():
    client_, _adapter, _email = client()
    for hour, subject in [(9, "late"), (7, "early"), (8, "middle")]:
        await client_.me.events.post(Event(subject=subject, start=at(hour), end=at(hour + 1)))
    parameters = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters
    ordered = parameters(select=["subject"], orderby=["start/dateTime desc"])
    page = await client_.me.events.get(wishes(ordered))
    assert [one.subject for one in page.value] == ["late", "middle", "early"]
    assert page.value[0].start is None and page.value[0].id
    found = await client_.me.events.get(wishes(parameters(filter="subject eq 'early'")))
    assert [one.subject for one in found.value] == ["early"]
    later = await client_.me.events.get(
        wishes(parameters(filter="start/dateTime ge '2026-03-05T07:00:00'", count=True, top=1))
    )
    assert later.odata_count == 2 and len(later.value) == 1, later.odata_count


@fact("finds an event by a property of its own")
async def _():
    client_, _adapter, _email = client()
    id = "String {00020329-0000-0000-C000-000000000046} Name Marker"
    marker = SingleValueLegacyExtendedProperty(id=id, value="me")
    made = await client_.me.events.post(meeting("a", single_value_extended_properties=[marker]))
    await client_.me.events.post(meeting("b"))
    parameters = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(
        filter=f"singleValueExtendedProperties/Any(ep: ep/id eq '{id}' and ep/value eq 'me')",
        expand=[f"singleValueExtendedProperties($filter=id eq '{id}')"],
    )
    found = (await client_.me.events.get(wishes(parameters))).value
    assert [one.id for one in found] == [made.id]
    assert found[0].single_value_extended_properties[0].value == "me"


@fact("follows delta links through changes and deletions")
async def _():
    client_, _adapter, _email = client()
    made = [await client_.me.events.post(meeting(subject)) for subject in "abc"]
    items, link = await delta_round(client_)
    assert sorted(one.subject for one in items) == list("abc")
    await client_.me.events.by_event_id(made[0].id).patch(Event(subject="A"))
    await client_.me.events.by_event_id(made[1].id).delete()
    changed, link = await delta_round(client_, link)
    removed = [one.id for one in changed if "@removed" in one.additional_data]
    assert removed == [made[1].id], changed
    assert [one.subject for one in changed if one.id not in removed] == ["A"]
    assert (await delta_round(client_, link))[0] == []


@fact("meets 410 with a link that is too old")
async def _():
    client_, _adapter, email = client()
    _items, link = await delta_round(client_)
    control("POST", "clock", {"advance": "P60D"})
    later = GraphServiceClient(request_adapter=adapter_of(email))
    assert (await refusal(delta_round(later, link)))[0] == 410


@fact("reads a series with its occurrences, a changed and a deleted one")
async def _():
    client_, _adapter, _email = client()
    series = await client_.me.events.post(meeting("Retro", recurrence=weekly()))
    assert series.type == EventType.SeriesMaster
    assert series.recurrence.range.number_of_occurrences == 3
    parameters = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(**_march)
    instances = client_.me.events.by_event_id(series.id).instances
    first, second, third = (await instances.get(wishes(parameters))).value
    assert first.series_master_id == series.id
    changed = await client_.me.events.by_event_id(first.id).patch(Event(subject="Kick-off"))
    assert changed.type == EventType.Exception and changed.id == first.id
    await client_.me.events.by_event_id(second.id).delete()
    left = (await instances.get(wishes(parameters))).value
    assert sorted(one.id for one in left) == sorted([first.id, third.id])
    master = await client_.me.events.by_event_id(series.id).get(
        wishes(EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(select=["cancelledOccurrences"]))
    )
    assert master.cancelled_occurrences == [f"OID.{series.id}.2026-03-12"], master.cancelled_occurrences


@fact("reads times in the zone it prefers, and immutable ids")
async def _():
    client_, _adapter, _email = client()
    made = await client_.me.events.post(meeting("a"))
    one = client_.me.events.by_event_id(made.id)
    read = await one.get(wishes(Prefer='outlook.timezone="Tokyo Standard Time"'))
    assert read.start.date_time == "2026-03-05T17:00:00.0000000", read.start.date_time
    lasting = await one.get(wishes(Prefer='IdType="ImmutableId"'))
    assert lasting.id != made.id


@fact("is refused by a stale etag and by a used transaction id")
async def _():
    client_, _adapter, _email = client()
    made = await client_.me.events.post(meeting("a", transaction_id="once"))
    stale = client_.me.events.by_event_id(made.id).patch(Event(subject="b"), wishes(**{"If-Match": 'W/"old"'}))
    assert await refusal(stale) == (412, "ErrorIrresolvableConflict")
    again = client_.me.events.post(meeting("a", transaction_id="once"))
    assert (await refusal(again))[1] == "ErrorDuplicateTransactionId"


@fact("tries again by itself when it is throttled")
async def _():
    client_, _adapter, email = client()
    fault = {"kind": "error", "vendor": "microsoft", "account": email, "status": 429, "retryAfter": 1, "times": 1}
    control("POST", "faults", fault)
    await client_.me.events.get()
    assert requests_of("microsoft", email) == [("GET", 429), ("GET", 200)]


def step(id, request):
    """A step of a batch. The client itself leaves the whole address in it, which Graph does not know (its issue 1015)."""
    item = BatchRequestItem(request, id=id)
    item.set_url(item.url.removeprefix(f"{url}/v1.0"))
    return item


@fact("asks many things in one batch")
async def _():
    client_, _adapter, _email = client()
    events = client_.me.events
    content = BatchRequestContent()
    for subject in "ab":
        content.add_request(subject, step(subject, events.to_post_request_information(meeting(subject))))
    content.add_request("unknown", step("unknown", events.by_event_id("nothing").to_get_request_information()))
    answers = await client_.batch.post(content)
    statuses = answers.get_response_status_codes()
    assert statuses == {"a": 201, "b": 201, "unknown": 400}, statuses
    # The client reads no bodies of a batch, whatever the server; what was made is read alone.
    assert sorted(one.subject for one in (await events.get()).value) == ["a", "b"]


@fact("subscribes, is told of a change, renews and ends")
async def _():
    client_, _adapter, _email = client()
    started = datetime.fromisoformat(control("GET", "clock")["now"].replace("Z", "+00:00"))
    with Hook() as hook:
        made = await client_.subscriptions.post(
            Subscription(
                change_type="created,updated,deleted",
                notification_url=hook.url,
                resource="/me/events",
                expiration_date_time=started + timedelta(hours=2),
                client_state="secret",
            )
        )
        assert hook.received == []
        event = await client_.me.events.post(meeting("a"))
        hook.wait_for(1)
        assert event.id in hook.received[0][1] and "secret" in hook.received[0][1]
        one = client_.subscriptions.by_subscription_id(made.id)
        later = started + timedelta(hours=20)
        renewed = await one.patch(Subscription(expiration_date_time=later))
        assert renewed.expiration_date_time > made.expiration_date_time
        assert [each.id for each in (await client_.subscriptions.get()).value] == [made.id]
        await one.delete()
        assert (await refusal(one.get()))[0] == 404


@fact("is told in the vendor's own words that its token is worth nothing")
async def _():
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Tokens("nonsense")))
    adapter.base_url = f"{url}/v1.0"
    stranger = GraphServiceClient(request_adapter=adapter)
    assert await refusal(stranger.me.events.get()) == (401, "InvalidAuthenticationToken")


tell()
