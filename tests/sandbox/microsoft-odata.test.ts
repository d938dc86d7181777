import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const events = '/v1.0/me/events'
const view = '/v1.0/me/calendarView'
const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
const marker = 'String {00020329-0000-0000-C000-000000000046} Name Marker'
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  graph = await played.account('microsoft', 'grace@example.com')
})

async function create(body: Json): Promise<Json> {
  const answer = await graph('POST', events, body)
  expect(answer.status).toBe(201)
  return answer.body
}
const encoded = (query: Record<string, string>) =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
const ask = (path: string, query: Record<string, string>, headers = {}) =>
  graph('GET', `${path}${path.includes('?') ? '&' : '?'}${encoded(query)}`, undefined, headers)
const subjects = (body: Json) => list(body['value']).map(({ subject }) => subject)

const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
  range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 3 },
}

async function someEvents(): Promise<Json[]> {
  const utc = (dateTime: string) => ({ dateTime, timeZone: 'UTC' })
  return [
    await create(
      meeting('Alpha review', 9, {
        showAs: 'free',
        categories: ['Red', 'Blue'],
        singleValueExtendedProperties: [{ id: marker, value: "it's" }],
        location: { displayName: 'Room 1' },
      }),
    ),
    await create(meeting('beta', 11, { importance: 'high', sensitivity: 'private' })),
    await create({
      subject: 'Gamma',
      isAllDay: true,
      start: utc('2026-03-09T00:00:00'),
      end: utc('2026-03-10T00:00:00'),
    }),
    await create(meeting('Delta series', 14, { recurrence: weekly, isReminderOn: false })),
  ]
}

test.each([
  ["subject eq 'beta'", ['beta']],
  ["subject ne 'beta'", ['Alpha review', 'Gamma', 'Delta series']],
  ["Subject eq 'BETA'", ['beta']],
  ["contains(subject,'review')", ['Alpha review']],
  ["startswith(subject,'Del') or endswith(subject,'mma')", ['Gamma', 'Delta series']],
  ["not (showAs eq 'free') and isAllDay eq false", ['beta', 'Delta series']],
  ['isAllDay', ['Gamma']],
  ["showAs eq microsoft.graph.freeBusyStatus'free'", ['Alpha review']],
  ["start/dateTime ge '2026-03-05T10:00:00'", ['beta', 'Gamma', 'Delta series']],
  ["Start/DateTime ge '2026-03-05T10:00' and End/DateTime lt '2026-03-06'", ['beta', 'Delta series']],
  ["start/dateTime lt '2026-03-05T09:00:00Z'", ['Alpha review']],
  ["'2026-03-08' lt start/dateTime", ['Gamma']],
  ["type eq 'seriesMaster'", ['Delta series']],
  ["importance eq 'high' and sensitivity eq 'private'", ['beta']],
  ['isReminderOn eq false', ['Delta series']],
  ['reminderMinutesBeforeStart lt 15', []],
  ["categories/any(c: c eq 'Blue')", ['Alpha review']],
  ['categories/any()', ['Alpha review']],
  ["location/displayName eq 'Room 1'", ['Alpha review']],
  [
    "organizer/emailAddress/address eq 'grace@example.com' and contains(subject,'a')",
    ['Alpha review', 'beta', 'Gamma', 'Delta series'],
  ],
  [
    'lastModifiedDateTime ge 2020-01-01T00:00:00Z and createdDateTime gt 2020-01-01',
    ['Alpha review', 'beta', 'Gamma', 'Delta series'],
  ],
  ['lastModifiedDateTime lt 2020-01-01T00:00:00Z', []],
  ['seriesMasterId ne null', []],
  [`singleValueExtendedProperties/Any(ep: ep/id eq '${marker}' and ep/value eq 'it''s')`, ['Alpha review']],
  [
    `singleValueExtendedProperties/any(ep: ep/id eq '${marker.toLowerCase().replace('name marker', 'Name Marker').replace('string', 'STRING')}')`,
    ['Alpha review'],
  ],
  [`singleValueExtendedProperties/any(ep: ep/id eq '${marker}' and ep/value eq 'other')`, []],
])('the filter %s', async ($filter, expected) => {
  await someEvents()
  const { status, body } = await ask(events, { $filter })
  expect([status, subjects(body)]).toEqual([200, expected])
})

test('an event is found by its iCalendar UID, and an occurrence in a view by its own and by its series’ id in both spellings', async () => {
  const [, , , series] = await someEvents()
  const byUid = await ask(events, { $filter: `iCalUId eq '${String(series?.['iCalUId'])}'` })
  expect(subjects(byUid.body)).toEqual(['Delta series'])
  const immutable = { prefer: 'IdType="ImmutableId"' }
  const spelt = (await graph('GET', `${events}/${String(series?.['id'])}`, undefined, immutable)).body['id']
  for (const id of [series?.['id'], spelt]) {
    const { body } = await ask(`${view}?${window}`, { $filter: `seriesMasterId eq '${String(id)}'` })
    expect(list(body['value'])).toHaveLength(3)
  }
  const [first] = list((await ask(`${view}?${window}`, { $filter: "type eq 'occurrence'" })).body['value'])
  const own = await ask(`${view}?${window}`, { $filter: `iCalUId eq '${String(first?.['iCalUId'])}'` })
  expect(list(own.body['value']).map(({ id }) => id)).toEqual([first?.['id']])
})

test('a filter minds the case of letters when so switched', async () => {
  await someEvents()
  await played.control('POST', 'switches', { 'microsoft.filterCase': 'minded' })
  expect(subjects((await ask(events, { $filter: "subject eq 'BETA'" })).body)).toEqual([])
  expect(subjects((await ask(events, { $filter: "subject eq 'beta'" })).body)).toEqual(['beta'])
})

test('an all-day event is filtered by its stored UTC, wherever its day lies', async () => {
  const midnight = (date: string) => ({ dateTime: `${date}T00:00:00`, timeZone: 'Europe/Berlin' })
  await create({ subject: 'Day', isAllDay: true, start: midnight('2026-03-05'), end: midnight('2026-03-06') })
  const asked = async (time: string) =>
    subjects((await ask(events, { $filter: `start/dateTime lt '${time}'` })).body)
  expect(await asked('2026-03-04T23:30:00')).toEqual(['Day'])
  expect(await asked('2026-03-04T23:00:00')).toEqual([])
})

test.each<[string, string, Record<string, string>, string, string]>([
  ['an unfinished filter', events, { $filter: 'subject eq' }, 'BadRequest', 'Invalid filter clause'],
  ['an unclosed text', events, { $filter: "subject eq 'x" }, 'BadRequest', 'Syntax error'],
  ['an unknown function', events, { $filter: 'length(subject) gt 3' }, 'BadRequest', 'Invalid filter clause'],
  [
    'an unknown property in a filter',
    events,
    { $filter: "colour eq 'x'" },
    'RequestBroker--ParseUri',
    "'colour'",
  ],
  [
    'a time where a text stands',
    events,
    { $filter: 'start/dateTime ge 2026-03-05T00:00:00Z' },
    'BadRequest',
    'incompatible types',
  ],
  [
    'a time without offset',
    events,
    { $filter: 'createdDateTime ge 2026-03-05T00:00:00' },
    'BadRequest',
    'should be in format',
  ],
  [
    'a quoted time where a time stands',
    events,
    { $filter: "createdDateTime ge '2026-03-05T00:00:00Z'" },
    'BadRequest',
    'incompatible types',
  ],
  ['a member nobody knows', events, { $filter: "showAs eq 'away'" }, 'BadRequest', 'enumeration'],
  [
    'a filter on the recurrence',
    events,
    { $filter: 'recurrence ne null' },
    'ErrorInvalidProperty',
    "'Recurrence' does not support filtering",
  ],
  [
    'a filter on the transaction id',
    events,
    { $filter: "transactionId eq 'x'" },
    'ErrorInvalidProperty',
    'TransactionId',
  ],
  [
    'a filter on attendees',
    events,
    { $filter: "attendees/any(a: a/emailAddress/address eq 'x')" },
    'ErrorInvalidProperty',
    'Attendees',
  ],
  [
    'a comparison of two properties',
    events,
    { $filter: 'subject eq bodyPreview' },
    'UnsupportedEntityExpression',
    'not a supported',
  ],
  [
    'a $select of nothing known',
    events,
    { $select: 'subject,colour' },
    'RequestBroker--ParseUri',
    "'colour'",
  ],
  ['an $orderby of nothing known', events, { $orderby: 'colour' }, 'RequestBroker--ParseUri', "'colour'"],
  ['an $orderby in no direction', events, { $orderby: 'subject up' }, 'BadRequest', '$orderby'],
  ['an $orderby of attendees', events, { $orderby: 'attendees' }, 'ErrorInvalidProperty', 'sorting'],
  ['an $expand of a property', events, { $expand: 'subject' }, 'BadRequest', 'navigation'],
  ['an $expand of nothing known', events, { $expand: 'colours' }, 'RequestBroker--ParseUri', "'colours'"],
  [
    'extended properties without saying which',
    events,
    { $expand: 'singleValueExtendedProperties' },
    'ErrorInvalidUrlQuery',
    '$filter',
  ],
  ['a search', events, { $search: 'x' }, 'ErrorInvalidUrlQuery', '$search'],
  [
    'a filter of a single event',
    `${events}/ID`,
    { $filter: "subject eq 'x'" },
    'ErrorInvalidUrlQuery',
    '$filter',
  ],
  ['a negative $top', events, { $top: '-1' }, 'BadRequest', '$top'],
  ['a $top in words', events, { $top: 'ten' }, 'BadRequest', '$top'],
  ['a $top beyond the most', events, { $top: '1001' }, 'ErrorInvalidUrlQuery', '1000'],
  ['a $skip in words', events, { $skip: 'x' }, 'BadRequest', '$skip'],
  ['a $count in words', events, { $count: 'yes' }, 'BadRequest', '$count'],
  ['an option nobody knows', events, { $colour: 'x' }, 'BadRequest', '$colour'],
])('%s is refused with 400', async (_name, path, query, code, message) => {
  const { id } = await create(meeting('x', 9))
  const refused = await ask(path.replace('ID', String(id)), query)
  expect([refused.status, codeOf(refused)]).toEqual([400, code])
  expect(object(refused.body['error'])['message']).toContain(message)
})

test('an option given twice is refused', async () => {
  const refused = await graph('GET', `${events}?$top=1&$top=2`)
  expect([refused.status, codeOf(refused)]).toEqual([400, 'BadRequest'])
})

test('a selection shows what was named, the id and the etag, and says so in its context', async () => {
  await someEvents()
  const { body } = await ask(events, { $select: 'subject,start,Importance', $top: '1' })
  expect(Object.keys(object(list(body['value'])[0])).toSorted()).toEqual(
    ['@odata.etag', 'id', 'importance', 'start', 'subject'].toSorted(),
  )
  expect(body['@odata.context']).toMatch(
    /\$metadata#users\('[0-9a-f-]+'\)\/events\(subject,start,importance\)$/,
  )
  const one = await ask(`${events}/${String(list(body['value'])[0]?.['id'])}`, { $select: 'subject' })
  expect(one.body['@odata.context']).toMatch(/events\(subject\)\/\$entity$/)
})

test('a view tells the time of a change unless one selects, and then leaves it out or refuses, as switched', async () => {
  await someEvents()
  const plain = list((await graph('GET', `${view}?${window}`)).body['value'])[0]
  expect(plain).toHaveProperty('lastModifiedDateTime')
  const select = { $select: 'subject,lastModifiedDateTime' }
  const selected = list((await ask(`${view}?${window}`, select)).body['value'])[0]
  expect(selected).toHaveProperty('subject')
  expect(selected).not.toHaveProperty('lastModifiedDateTime')
  expect(list((await ask(events, select)).body['value'])[0]).toHaveProperty('lastModifiedDateTime')
  await played.control('POST', 'switches', { 'microsoft.viewSelectsModified': 'refused' })
  expect(codeOf(await ask(`${view}?${window}`, select))).toBe('ErrorInvalidUrlQuery')
})

test.each([
  ['subject', ['Alpha review', 'beta', 'Delta series', 'Gamma']],
  ['start/dateTime desc', ['Gamma', 'Delta series', 'beta', 'Alpha review']],
  ['start', ['Alpha review', 'beta', 'Delta series', 'Gamma']],
  ['isAllDay desc,subject desc', ['Gamma', 'Delta series', 'beta', 'Alpha review']],
  ['importance,Start/DateTime', ['beta', 'Alpha review', 'Delta series', 'Gamma']],
])('events come in the order of %s', async ($orderby, expected) => {
  await someEvents()
  expect(subjects((await ask(events, { $orderby })).body)).toEqual(expected)
})

test('a page has ten events unless asked otherwise, and links to the next until there is none', async () => {
  await played.control('POST', 'accounts/grace@example.com/events', { vendor: 'microsoft', count: 23 })
  const sizes: number[] = []
  const seen = new Set<unknown>()
  let link: unknown = `${events}?$select=subject&$filter=${encodeURIComponent("startswith(subject,'Event')")}`
  while (typeof link === 'string') {
    const { body } = await graph('GET', link)
    sizes.push(list(body['value']).length)
    for (const { id } of list(body['value'])) seen.add(id)
    link = body['@odata.nextLink']
  }
  expect([sizes, seen.size]).toEqual([[10, 10, 3], 23])
  const asked = async (query: Record<string, string>, headers = {}) =>
    list((await ask(events, query, headers)).body['value']).length
  expect(await asked({ $top: '20' })).toBe(20)
  expect(await asked({ $top: '20', $skip: '15' })).toBe(8)
  expect(await asked({ $top: '0' })).toBe(0)
  expect(await asked({}, { prefer: 'odata.maxpagesize=4' })).toBe(4)
})

test('a count is that of all pages', async () => {
  await someEvents()
  const { body } = await ask(events, { $count: 'true', $top: '2', $filter: "contains(subject,'a')" })
  expect([body['@odata.count'], list(body['value']).length]).toEqual([4, 2])
  expect((await ask(events, { $count: 'false' })).body).not.toHaveProperty('@odata.count')
  expect((await ask(`${view}?${window}`, { $count: 'true', $top: '1' })).body['@odata.count']).toBe(6)
})

test('the most of $top, and what becomes of more, are switches', async () => {
  await played.control('POST', `accounts/grace@example.com/events`, { vendor: 'microsoft', count: 600 })
  await played.control('POST', 'switches', { 'microsoft.topMax': 500 })
  expect((await ask(events, { $top: '501' })).status).toBe(400)
  await played.control('POST', 'switches', { 'microsoft.topBeyondMax': 'capped' })
  expect(list((await ask(events, { $top: '999' })).body['value'])).toHaveLength(500)
})

test('a view shows what overlaps it, and what only touches it as switched', async () => {
  await create(meeting('nine to ten', 9))
  const seen = async (from: string, to: string) =>
    subjects((await graph('GET', `${view}?startDateTime=${from}&endDateTime=${to}`)).body)
  // Berlin is an hour ahead; an offset in the bounds counts, and without one they are UTC.
  expect(await seen('2026-03-05T08:59:00', '2026-03-05T10:00:00')).toEqual(['nine to ten'])
  expect(await seen('2026-03-05T09:59:00%2B01:00', '2026-03-05T12:00:00%2B01:00')).toEqual(['nine to ten'])
  const touching: [string, string][] = [
    ['2026-03-05T09:00:00Z', '2026-03-05T10:00:00Z'],
    ['2026-03-05T07:00:00Z', '2026-03-05T08:00:00Z'],
  ]
  for (const [from, to] of touching) expect(await seen(from, to)).toEqual([])
  await played.control('POST', 'switches', { 'microsoft.viewEdges': 'included' })
  for (const [from, to] of touching) expect(await seen(from, to)).toEqual(['nine to ten'])
})

test('a view over more than 1825 days is refused in the words Graph has for it', async () => {
  const days = (count: number) => new Date(Date.UTC(2026, 0, 1) + count * 86_400_000).toISOString()
  const asked = (count: number) => graph('GET', `${view}?startDateTime=${days(0)}&endDateTime=${days(count)}`)
  expect((await asked(1825)).status).toBe(200)
  const refused = await asked(1826)
  expect([refused.status, codeOf(refused)]).toEqual([400, 'ErrorInvalidRequest'])
  expect(object(refused.body['error'])['message']).toBe(
    "Your request can't be completed. The range between the start and end dates is greater than the allowed range. Maximum number of days: 1825",
  )
})

test('what a series lost and changed is shown to who asks for it, and only on the series', async () => {
  const [, , , series] = await someEvents()
  const path = `${events}/${String(series?.['id'])}`
  const instances = list((await graph('GET', `${path}/instances?${window}`)).body['value'])
  const [first, second, third] = instances.map(({ id }) => String(id))
  await graph('PATCH', `${events}/${first}`, { subject: 'Changed' })
  await graph('DELETE', `${events}/${second}`)
  expect((await graph('GET', path)).body).not.toHaveProperty('cancelledOccurrences')
  const asked = await ask(path, {
    $select: 'subject,cancelledOccurrences',
    $expand: 'exceptionOccurrences($select=subject,occurrenceId)',
  })
  expect(asked.body['cancelledOccurrences']).toEqual([`OID.${String(series?.['id'])}.2026-03-12`])
  expect(list(asked.body['exceptionOccurrences'])).toEqual([
    {
      '@odata.etag': expect.any(String),
      id: first,
      subject: 'Changed',
      occurrenceId: `OID.${String(series?.['id'])}.2026-03-05`,
    },
  ])
  const other = await ask(`${events}/${third}`, { $select: 'cancelledOccurrences' })
  expect(other.body['cancelledOccurrences']).toEqual([])
})

test('an event is shown with its calendar, its attachments and its instances when they are asked for', async () => {
  const [, , , series] = await someEvents()
  const calendar = (await graph('GET', '/v1.0/me/calendar')).body
  const { body } = await ask(`${events}/${String(series?.['id'])}?${window}`, {
    $expand: 'calendar,attachments,instances,extensions',
  })
  expect(object(body['calendar'])['id']).toBe(calendar['id'])
  expect([body['attachments'], body['extensions']]).toEqual([[], []])
  expect(list(body['instances'])).toHaveLength(3)
})

test('several extended properties are shown in one expansion, on lists as well', async () => {
  const other = 'Integer {00020329-0000-0000-C000-000000000046} Id 0x8001'
  const values = [
    { id: marker, value: 'one' },
    { id: other, value: '2' },
  ]
  const several = [{ id: 'StringArray {00020329-0000-0000-C000-000000000046} Name Many', value: ['a', 'b'] }]
  await create(
    meeting('Marked', 9, { singleValueExtendedProperties: values, multiValueExtendedProperties: several }),
  )
  const $expand = `singleValueExtendedProperties($filter=id eq '${marker}' or id eq '${other}'),multiValueExtendedProperties($filter=id eq '${several[0]?.id}')`
  const [shown] = list((await ask(events, { $expand })).body['value'])
  expect(shown?.['singleValueExtendedProperties']).toEqual(values)
  expect(shown?.['multiValueExtendedProperties']).toEqual(several)
})

test('an extended property whose id says nothing Exchange knows is refused', async () => {
  const body = meeting('x', 9, { singleValueExtendedProperties: [{ id: 'Marker', value: 'x' }] })
  expect(codeOf(await graph('POST', events, body))).toBe('ErrorInvalidExtendedProperty')
})

test('names in addresses and options are taken in any case, as Outlook does', async () => {
  await someEvents()
  const { body } = await graph(
    'GET',
    `/v1.0/me/calendarview?startdatetime=2026-03-05&enddatetime=2026-03-06&$select=Subject`,
  )
  expect(new Set(subjects(body))).toEqual(new Set(['Alpha review', 'Delta series', 'beta']))
})
