import { expect, test } from 'vitest'
import { listsHere, subjects, view, window } from './graph-lists.ts'
import { events, marker } from './graph-mailbox.ts'
import { list, playHere } from './played.ts'

const played = playHere()
const { graph, create, ask, someEvents } = listsHere(played)

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
