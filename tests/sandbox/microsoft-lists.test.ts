import { expect, test } from 'vitest'
import { listsHere, subjects, view, window } from './graph-lists.ts'
import { events, marker } from './graph-mailbox.ts'
import { codeOf, list, meeting, object, playHere } from './played.ts'

const played = playHere()
const { graph, create, ask, someEvents } = listsHere(played)

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
