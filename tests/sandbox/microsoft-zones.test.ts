import { expect, test } from 'vitest'
import { at, between, events, mailboxHere, pathOf, window } from './graph-mailbox.ts'
import { codeOf, list, meeting, object, playHere, type Json } from './played.ts'

const played = playHere()
const { graph, create, get, patch, refusal, switched } = mailboxHere(played)

const asText = 'outlook.body-content-type="text"'
const withBody = (text: string, contentType = 'html') =>
  meeting('x', 9, { body: { contentType, content: text } })

test.each<[string, string, string, string]>([
  ['Windows', 'Tokyo Standard Time', '2026-03-05T00:00:00.0000000', 'Tokyo Standard Time'],
  ['IANA', 'Asia/Tokyo', '2026-03-05T00:00:00.0000000', 'Tokyo Standard Time'],
  ['Windows with a sign', 'UTC-11', '2026-03-05T20:00:00.0000000', 'UTC-11'],
  ['UTC', 'UTC', '2026-03-05T09:00:00.0000000', 'UTC'],
])('a zone may be named as in %s', async (_name, zone, start, original) => {
  const event = await create({ subject: 'x', ...between(zone) })
  expect(event).toMatchObject({
    start: { dateTime: start, timeZone: 'UTC' },
    originalStartTimeZone: original,
    originalEndTimeZone: original,
  })
})

test('start and end may have zones of their own', async () => {
  const event = await create({
    subject: 'Flight',
    start: at('2026-03-05T09:00:00', 'Europe/Berlin'),
    end: at('2026-03-05T12:00:00', 'America/New_York'),
  })
  expect(event).toMatchObject({
    end: { dateTime: '2026-03-05T17:00:00.0000000', timeZone: 'UTC' },
    originalStartTimeZone: 'W. Europe Standard Time',
    originalEndTimeZone: 'Eastern Standard Time',
  })
})

test.each([
  ['missing', undefined],
  ['empty', ''],
  ['unknown', 'Mars Standard Time'],
  ['Outlook’s own', 'tzone://Microsoft/Custom'],
  ['a customised one', 'Customized Time Zone'],
])('a zone that is %s is refused', async (_name, zone) => {
  expect(await refusal('POST', events, { subject: 'x', ...between(zone) })).toEqual([
    400,
    'TimeZoneNotSupportedException',
  ])
})

test('a preference for a zone nobody knows is refused, and one for a known zone is confirmed', async () => {
  const asked = (zone: string) => graph('GET', events, undefined, { prefer: `outlook.timezone="${zone}"` })
  const refused = await asked('Mars')
  expect([refused.status, codeOf(refused)]).toEqual([400, 'TimeZoneNotSupportedException'])
  const answer = await asked('Europe/Berlin')
  expect(answer.headers.get('preference-applied')).toBe('outlook.timezone="Europe/Berlin"')
})

test('an event can be in a zone that only Outlook has a name for, and stays there until its times are set', async () => {
  const recurrence = {
    pattern: { type: 'daily', interval: 1 },
    range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 2 },
  }
  const event = await create(meeting('x', 9, { recurrence }))
  const name = 'tzone://Microsoft/Custom'
  const path = `accounts/grace@example.com/events/${String(event['id'])}/zone`
  expect((await played.control('POST', path, { name })).status).toBe(200)
  const custom = await patch(event, { subject: 'y' })
  expect(custom).toMatchObject({
    start: event['start'],
    originalStartTimeZone: name,
    recurrence: { range: { recurrenceTimeZone: name } },
  })
  const moved = await patch(event, {
    ...between('Europe/Berlin', '2026-03-05T11:00:00', '2026-03-05T12:00:00'),
    recurrence,
  })
  expect(moved['originalStartTimeZone']).toBe('W. Europe Standard Time')
  expect((await played.control('POST', 'accounts/grace@example.com/events/x/zone', { name })).status).toBe(
    404,
  )
  expect((await played.control('POST', path, {})).status).toBe(400)
})

test('a consumer mailbox may keep every event as made in UTC and tell the zone of a series alone, as switched', async () => {
  await switched({ 'microsoft.originalZone': 'UTC' })
  const recurrence = {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
    range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 5 },
  }
  const event = await create(meeting('x', 9, { recurrence }))
  expect(event).toMatchObject({
    originalStartTimeZone: 'UTC',
    recurrence: { range: { recurrenceTimeZone: 'W. Europe Standard Time' } },
  })
  const instances = list((await graph('GET', `${pathOf(event)}/instances?${window}`)).body['value'])
  expect(instances.map(({ start }) => String(object(start)['dateTime']).slice(11, 16))).toEqual([
    '08:00',
    '08:00',
    '08:00',
    '08:00',
    '07:00',
  ])
})

const allDay = (from: string, to: string, zone = 'Europe/Berlin'): Json => ({
  isAllDay: true,
  ...between(zone, `${from}T00:00:00`, `${to}T00:00:00`),
})

test('Microsoft §12.4: an all-day event is midnight to midnight whatever zone is preferred', async () => {
  const event = await create({ subject: 'Day', ...allDay('2026-03-05', '2026-03-07') })
  for (const zone of ['UTC', 'Tokyo Standard Time', 'Pacific Standard Time']) {
    expect(await get(event, `outlook.timezone="${zone}"`)).toMatchObject({
      isAllDay: true,
      start: { dateTime: '2026-03-05T00:00:00.0000000', timeZone: zone },
      end: { dateTime: '2026-03-07T00:00:00.0000000', timeZone: zone },
    })
  }
})

test.each<[string, Json]>([
  [
    'that does not begin at midnight',
    { isAllDay: true, ...between('UTC', '2026-03-05T01:00:00', '2026-03-06T00:00:00') },
  ],
  [
    'that does not end at midnight',
    { isAllDay: true, ...between('UTC', '2026-03-05T00:00:00', '2026-03-06T12:00:00') },
  ],
  ['that ends on its first day', allDay('2026-03-05', '2026-03-05')],
  [
    'whose ends lie in two zones',
    { ...allDay('2026-03-05', '2026-03-06'), end: at('2026-03-06T00:00:00', 'Asia/Tokyo') },
  ],
])('Microsoft §12.4: an all-day event %s is refused', async (_name, body) => {
  expect(await refusal('POST', events, { subject: 'x', ...body })).toEqual([
    400,
    'ErrorPropertyValidationFailure',
  ])
})

test('Microsoft §12.4: a timed event becomes an all-day one and back only with times that fit', async () => {
  const event = await create(meeting('x', 9))
  expect(await refusal('PATCH', pathOf(event), { isAllDay: true })).toEqual([
    400,
    'ErrorPropertyValidationFailure',
  ])
  expect((await patch(event, allDay('2026-03-05', '2026-03-06')))['isAllDay']).toBe(true)
  const timed = await patch(event, { isAllDay: false, ...between('UTC') })
  expect(timed).toMatchObject({ isAllDay: false, start: { dateTime: '2026-03-05T09:00:00.0000000' } })
})

test('Microsoft §12.4: preferences for zone, body and ids are taken together and confirmed together', async () => {
  const event = await create(withBody('<p>Hi</p>'))
  const prefer = `outlook.timezone="Tokyo Standard Time", ${asText}, IdType="ImmutableId"`
  const answer = await graph('GET', pathOf(event), undefined, { prefer })
  expect(answer.headers.get('preference-applied')).toBe(
    'outlook.timezone="Tokyo Standard Time", IdType="ImmutableId", outlook.body-content-type="text"',
  )
  expect(answer.body['id']).not.toBe(event['id'])
  expect(answer.body['start']).toMatchObject({ timeZone: 'Tokyo Standard Time' })
})

test('Microsoft §12.4: ids are translated between their spellings, a thousand at a time', async () => {
  const event = await create(meeting('x', 9))
  const calendar = (await graph('GET', '/v1.0/me/calendar')).body
  const translate = (inputIds: unknown[], targetIdType: string) =>
    graph('POST', '/v1.0/me/translateExchangeIds', { inputIds, sourceIdType: 'restId', targetIdType })
  const { body } = await translate([event['id'], calendar['id'], 'nonsense'], 'restImmutableEntryId')
  const [own, ofCalendar, unknown] = list(body['value'])
  expect(own?.['targetId']).toBe((await get(event, 'IdType="ImmutableId"'))['id'])
  expect(ofCalendar?.['targetId']).toBe(calendar['id'])
  expect(object(unknown?.['errorDetails'])['code']).toBe('ErrorInvalidIdMalformed')
  const back = await translate([own?.['targetId']], 'restId')
  expect(list(back.body['value'])[0]?.['targetId']).toBe(event['id'])
  expect(
    (
      await translate(
        Array.from({ length: 1001 }, () => 'x'),
        'restId',
      )
    ).status,
  ).toBe(400)
  expect((await translate([], 'entryId')).status).toBe(501)
  expect((await translate([], 'otherId')).status).toBe(400)
})
