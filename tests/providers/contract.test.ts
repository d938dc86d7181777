import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventContent, Vendor } from '../../domain/event.ts'
import { allDay, timedFromWall } from '../../domain/time.ts'
import { idempotencyKey } from '../../activities/idempotency-key.ts'
import {
  CursorExpired,
  OutcomeUnknown,
  PreconditionFailed,
  Refused,
  Throttled,
  TokenRefused,
  VendorError,
} from '../../providers/errors.ts'
import { slotId } from '../../providers/port.ts'
import { calendarOf } from '../../providers/index.ts'
import type { CalendarProvider, Created, Observation, ObservedEvent } from '../../providers/port.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { asPerson, sandboxControl, type SandboxControl } from '../support/sandbox-control.ts'
import { openCalendar } from '../support/vendor-calendar.ts'

let sandbox: Sandbox
let control: SandboxControl
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  control = sandboxControl(sandbox.control)
})
afterAll(() => sandbox.close())

const window = {
  from: new Date(Date.now() - 30 * 86_400_000).toISOString(),
  to: new Date(Date.now() + 365 * 86_400_000).toISOString(),
}
const nextYear = new Date().getFullYear() + 1
const timed = timedFromWall(`${nextYear}-03-05T09:00:00`, `${nextYear}-03-05T10:30:00`, 'Europe/Berlin')
const content = (changes: Partial<EventContent> = {}): EventContent => ({
  title: 'Visit – Größe & <b>',
  body: 'First line\n\nSecond & <line>',
  location: 'Hall 2',
  time: timed,
  showAs: 'busy',
  visibility: 'default',
  recurrence: null,
  ...changes,
})

/** What every adapter promises, run against each vendor. */
describe.each<Vendor>(['google', 'microsoft'])('the %s calendar', (vendor) => {
  const open = () => openCalendar(sandbox, control, vendor)
  const key = () => idempotencyKey(vendor, randomUUID(), 1)
  const made = (created: Created): ObservedEvent => {
    expect(created.event).not.toBe('gone')
    if (created.event === 'gone') throw new Error('The event is gone.')
    return created.event
  }

  test('finds an event by the iCalendar UID of its meeting', async () => {
    const { calendar } = await open()
    const event = made(await calendar.createEvent(key(), content()))
    made(await calendar.createEvent(key(), content()))
    expect(event.icalUid).not.toBeNull()
    expect(await calendar.idsOfMeeting(event.icalUid ?? '')).toEqual([event.externalId])
    expect(await calendar.idsOfMeeting("o'nobody@tests.example")).toEqual([])
  })

  test('knows whose account it is and which calendar', async () => {
    const { calendar, email } = await open()
    expect((await calendar.account()).email).toBe(email)
    expect(await calendar.calendar()).toMatchObject({ isPrimary: true, canWrite: true })
    expect((await calendar.listCalendars()).map((listed) => listed.id)).toContain(
      (await calendar.calendar()).id,
    )
  })

  test.each<[string, Partial<EventContent>]>([
    ['words and a time', {}],
    ['an all-day event of one day', { time: allDay(`${nextYear}-03-05`, `${nextYear}-03-06`) }],
    ['an all-day event of three days', { time: allDay(`${nextYear}-03-05`, `${nextYear}-03-08`) }],
    [
      'a zone far away',
      { time: timedFromWall(`${nextYear}-07-01T23:00:00`, `${nextYear}-07-02T01:00:00`, 'Pacific/Auckland') },
    ],
    ['free time', { showAs: 'free' }],
    ['tentative time', { showAs: 'tentative' }],
    ['a private event', { visibility: 'private' }],
    ['no words at all', { title: '', body: '', location: '' }],
  ])('gives back what it was given: %s', async (_case, changes) => {
    const { calendar } = await open()
    const written = made(await calendar.createEvent(key(), content(changes)))
    expect(written.content).toEqual(content(changes))
    expect(await calendar.getEvent(written.externalId)).toEqual(written)
  })

  test('a create asked twice with one key makes one event', async () => {
    const { calendar, email } = await open()
    const same = key()
    const first = await calendar.createEvent(same, content())
    const second = await calendar.createEvent(same, content())
    expect(first.made).toBe('now')
    expect(second).toEqual({ made: 'before', event: first.event })
    expect(await control.events(vendor, email)).toHaveLength(1)
  })

  test('a create whose event was deleted since is not made again under its key', async () => {
    const { calendar, email } = await open()
    const same = key()
    const event = made(await calendar.createEvent(same, content()))
    await calendar.deleteEvent(event.externalId, event.etag)
    expect(await calendar.createEvent(same, content())).toEqual({ made: 'before', event: 'gone' })
    expect(await control.events(vendor, email)).toEqual([])
  })

  test('a create whose answer was lost is found by its key', async () => {
    const { calendar } = await open()
    const same = key()
    expect(await calendar.findCreated(same, content())).toBeUndefined()
    await control.fault({ kind: 'responseLost', vendor, method: 'POST', path: '/events', times: 1 })
    await expect(calendar.createEvent(same, content())).rejects.toBeInstanceOf(OutcomeUnknown)
    expect(await calendar.findCreated(same, content())).toMatchObject({ content: content(), createKey: same })
  })

  test('an update changes its fields and no other, and moves the etag', async () => {
    const { calendar } = await open()
    const event = made(await calendar.createEvent(key(), content()))
    const updated = await calendar.updateEvent(event.externalId, { title: 'Longer visit' }, event.etag)
    expect(updated.content).toEqual(content({ title: 'Longer visit' }))
    expect(updated.etag).not.toBe(event.etag)
  })

  test('a timed event may become all-day and back', async () => {
    const { calendar } = await open()
    const event = made(await calendar.createEvent(key(), content()))
    const day = await calendar.updateEvent(
      event.externalId,
      { time: allDay(`${nextYear}-03-05`, `${nextYear}-03-06`) },
      null,
    )
    expect(day.content?.time).toEqual(allDay(`${nextYear}-03-05`, `${nextYear}-03-06`))
    expect((await calendar.updateEvent(event.externalId, { time: timed }, null)).content?.time).toEqual(timed)
  })

  test('neither an update nor a deletion overwrites what moved on', async () => {
    const { calendar, email, token } = await open()
    const event = made(await calendar.createEvent(key(), content()))
    await asPerson(sandbox.url, vendor, token).rename(event.externalId, 'Theirs')
    await expect(
      calendar.updateEvent(event.externalId, { title: 'Ours' }, event.etag),
    ).rejects.toBeInstanceOf(PreconditionFailed)
    await expect(calendar.deleteEvent(event.externalId, event.etag)).rejects.toBeInstanceOf(
      PreconditionFailed,
    )
    expect((await control.events(vendor, email)).map((held) => held.title)).toEqual(['Theirs'])
  })

  test('deleting what is gone is done', async () => {
    const { calendar } = await open()
    const event = made(await calendar.createEvent(key(), content()))
    await calendar.deleteEvent(event.externalId, null)
    await expect(calendar.deleteEvent(event.externalId, null)).resolves.toBeUndefined()
    expect(await calendar.getEvent(event.externalId)).toBe('gone')
  })

  test('what a delete did not find is not taken for deleted while it is still there', async () => {
    const { calendar, email } = await open()
    const event = made(await calendar.createEvent(key(), content()))
    await control.fault({ kind: 'error', vendor, account: email, method: 'DELETE', status: 404, times: 1 })
    await expect(calendar.deleteEvent(event.externalId, null)).rejects.toBeInstanceOf(PreconditionFailed)
    expect(await control.events(vendor, email)).toHaveLength(1)
    await expect(calendar.deleteEvent(event.externalId, null)).resolves.toBeUndefined()
    expect(await control.events(vendor, email)).toEqual([])
  })

  test('a full round shows what is there, and the next one only what changed since', async () => {
    const { calendar, token } = await open()
    const person = asPerson(sandbox.url, vendor, token)
    const events = [
      made(await calendar.createEvent(key(), content())),
      made(await calendar.createEvent(key(), content())),
    ]
    const full = await round(calendar, calendar.fullRound(window))
    expect(idsOf(full.observations).toSorted()).toEqual(events.map((event) => event.externalId).toSorted())
    await person.rename(events[0]?.externalId ?? '', 'Changed')
    await person.remove(events[1]?.externalId ?? '')
    const delta = await round(calendar, calendar.deltaRound(full.cursor))
    expect(delta.observations.map((seen) => seen.kind).toSorted()).toEqual(['event', 'removed'])
    expect((await round(calendar, calendar.deltaRound(delta.cursor))).observations).toEqual([])
  })

  test('our own write says by which key it was made', async () => {
    const { calendar } = await open()
    const same = key()
    await calendar.createEvent(same, content())
    const { observations } = await round(calendar, calendar.fullRound(window))
    expect(observations).toMatchObject([{ event: { createKey: same } }])
  })

  test('a cursor that is too old is an error of its own', async () => {
    const { calendar } = await open()
    const { cursor } = await round(calendar, calendar.fullRound(window))
    const gone = vendor === 'google' ? { reason: 'fullSyncRequired' } : { code: 'SyncStateNotFound' }
    await control.fault({ kind: 'error', vendor, method: 'GET', status: 410, times: 1, ...gone })
    await expect(calendar.listChanges(calendar.deltaRound(cursor))).rejects.toBeInstanceOf(CursorExpired)
  })

  test('a token is never sent to a host that a link names', async () => {
    const { calendar } = await open()
    const elsewhere = calendar.deltaRound(
      'https://elsewhere.example/v1.0/me/calendarView/delta?$deltatoken=x',
    )
    await control.forgetRequests()
    await expect(calendar.listChanges(elsewhere)).rejects.toBeInstanceOf(VendorError)
    const asked = await control.requests()
    expect(asked.every((request) => request.vendor === vendor)).toBe(true)
  })

  test.each([
    ['too many requests', { status: 429, retryAfter: 7 }, Throttled],
    ['a server error', { status: 503 }, OutcomeUnknown],
    ['an answer that never came', { kind: 'reset' }, OutcomeUnknown],
  ])('%s is told apart', async (_case, fault, kind) => {
    const { calendar } = await open()
    await control.fault({ kind: 'error', vendor, method: 'GET', times: 1, ...fault })
    const failure = await calendar.listChanges(calendar.fullRound(window)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(kind)
    if (failure instanceof Throttled) expect(failure.retryAfterMs).toBe(7_000)
  })

  test('an event the vendor will not take is refused for good', async () => {
    const { calendar } = await open()
    const code = vendor === 'google' ? { reason: 'invalid' } : { code: 'ErrorInvalidRequest' }
    await control.fault({
      kind: 'error',
      vendor,
      method: 'POST',
      path: '/events',
      status: 400,
      times: 1,
      ...code,
    })
    await expect(calendar.createEvent(key(), content())).rejects.toBeInstanceOf(Refused)
  })

  test('a token that is not taken is refreshed once', async () => {
    const { calendar, token } = await open()
    expect(token).not.toBe('')
    const asked: (string | undefined)[] = []
    const stale = calendarOf(vendor, {
      endpoints: { api: sandbox.url, authorize: sandbox.url, token: sandbox.url },
      calendarId: (await calendar.calendar()).id,
      timeZone: 'UTC',
      timeoutMs: 5_000,
      now: () => new Date(),
      beforeCall: async () => {},
      accessToken: async (refused) => {
        asked.push(refused)
        return refused === undefined ? 'stale' : token
      },
    })
    await expect(stale.calendar()).resolves.toMatchObject({ canWrite: true })
    expect(asked).toEqual([undefined, 'stale'])
    const hopeless = calendarOf(vendor, {
      endpoints: { api: sandbox.url, authorize: sandbox.url, token: sandbox.url },
      calendarId: 'x',
      timeZone: 'UTC',
      timeoutMs: 5_000,
      now: () => new Date(),
      beforeCall: async () => {},
      accessToken: async () => 'stale',
    })
    await expect(hopeless.calendar()).rejects.toBeInstanceOf(TokenRefused)
  })

  test('a change of one field sends nobody mail', async () => {
    const { calendar } = await open()
    const event = made(await calendar.createEvent(key(), content()))
    await calendar.updateEvent(event.externalId, { title: 'Quiet' }, event.etag)
    await calendar.deleteEvent(event.externalId, null)
    expect(await control.mail()).toEqual([])
  })

  test('a series is told with its rule, and each occurrence by the slot it stands in', async () => {
    const { calendar, email } = await open()
    await control.importCalendar(vendor, email, series)
    const { observations } = await round(calendar, calendar.fullRound(window))
    const [seen] = observations.flatMap((observation) =>
      observation.kind === 'event' ? [observation.event] : [],
    )
    expect(observations).toHaveLength(1)
    expect(seen).toMatchObject({
      kind: 'series',
      problem: null,
      content: { recurrence: { rule: expect.stringContaining('FREQ=WEEKLY') as string } },
    })
    const ref = { seriesId: seen?.externalId ?? '', slot: `${nextYear}-01-11T09:00:00Z`, vendorId: null }
    const plain = await calendar.getOccurrence(ref)
    expect(plain).toMatchObject({ kind: 'occurrence', content: { title: 'Weekly', recurrence: null } })
    const changed = await calendar.updateOccurrence(ref, { title: 'Retro' }, null)
    expect(changed).toMatchObject({ externalId: slotId(ref.seriesId, ref.slot), content: { title: 'Retro' } })
    await calendar.cancelOccurrence({ ...ref, slot: `${nextYear}-01-18T09:00:00Z` }, null)
    expect(await calendar.getOccurrence({ ...ref, slot: `${nextYear}-01-18T09:00:00Z` })).toBe('gone')
    await calendar.cancelOccurrence({ ...ref, slot: `${nextYear}-01-18T09:00:00Z` }, null)
  })
})

const series = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//calendar-sync//tests//EN',
  'BEGIN:VEVENT',
  'UID:weekly@tests.example',
  'DTSTAMP:20260101T000000Z',
  `DTSTART:${nextYear}0104T090000Z`,
  `DTEND:${nextYear}0104T100000Z`,
  'RRULE:FREQ=WEEKLY;COUNT=4',
  'SUMMARY:Weekly',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n')

async function round(
  calendar: CalendarProvider,
  start: string,
): Promise<{ observations: Observation[]; cursor: string }> {
  const observations: Observation[] = []
  let position = start
  while (true) {
    const page = await calendar.listChanges(position)
    observations.push(...page.observations)
    if (page.next.kind === 'end') return { observations, cursor: page.next.cursor }
    position = page.next.position
  }
}

const idsOf = (observations: Observation[]): string[] =>
  observations.map((seen) => (seen.kind === 'event' ? seen.event.externalId : seen.externalId))
