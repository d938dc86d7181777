import { expect, test } from 'vitest'
import { ensureAccount, primaryOf } from '../../sandbox/accounts.ts'
import { addEvent } from '../../sandbox/microsoft/actions.ts'
import { eventId } from '../../sandbox/microsoft/ids.ts'
import { datesOf, findOccurrence } from '../../sandbox/microsoft/occurrences.ts'
import type { Preferences } from '../../sandbox/microsoft/preferences.ts'
import { changeFollowing, removeFollowing } from '../../sandbox/microsoft/split-series.ts'
import { findEvent } from '../../sandbox/microsoft/store.ts'
import type { MicrosoftEvent } from '../../sandbox/microsoft/types.ts'
import { createWorld } from '../../sandbox/world.ts'
import type { Json } from './played.ts'

const preferences: Preferences = {
  zone: undefined,
  immutableIds: false,
  textBodies: false,
  pageSize: undefined,
}
const at = (day: string, hour: string): Json => ({
  dateTime: `2026-03-${day}T${hour}:00:00`,
  timeZone: 'Europe/Berlin',
})
const weekly = (range: Json): Json => ({
  subject: 'Weekly',
  body: { contentType: 'text', content: 'Agenda' },
  showAs: 'oof',
  start: at('05', '09'),
  end: at('05', '10'),
  recurrence: {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
    range: { startDate: '2026-03-05', ...range },
  },
})
const numbered = { type: 'numbered', numberOfOccurrences: 5 }

function scene(range: Json, more: Json = {}) {
  const world = createWorld('split')
  ensureAccount(world, { vendor: 'microsoft', email: 'grace@example.com' })
  const account = world.state.microsoft.get('grace@example.com')
  const calendar = account && primaryOf(account)
  if (account === undefined || calendar === undefined) throw new Error('There is no mailbox.')
  const mailbox = { world, account }
  const { core } = addEvent(mailbox, calendar, { ...weekly(range), ...more }, preferences)
  return {
    world,
    mailbox,
    found: (date: string) => findEvent(account, eventId(core, false, date)),
    old: () => findEvent(account, eventId(core, false)).event,
    all: () => [...calendar.log.entries.values()].flatMap(({ event }) => (event.isDeleted ? [] : [event])),
  }
}
const days = (event: MicrosoftEvent) => [...Iterator.from(datesOf(event, '2026-01-01')).take(8)]

test('this and following ends the series on the day before and begins another with ids of its own', () => {
  const { mailbox, found, old } = scene(numbered)
  const made = changeFollowing(mailbox, found('2026-03-19'), { subject: 'From now on' }, preferences)
  expect(days(old())).toEqual(['2026-03-05', '2026-03-12'])
  expect(days(made)).toEqual(['2026-03-19', '2026-03-26', '2026-04-02'])
  expect(made.properties).toMatchObject({ subject: 'From now on', showAs: 'oof' })
  expect(made.properties.body?.content).toContain('Agenda')
  expect(made.properties.iCalUId).not.toBe(old().properties.iCalUId)
  expect([old().properties.subject, made.start.wall]).toEqual(['Weekly', '2026-03-19T09:00:00'])
})

test.each<[string, Json, string[]]>([
  ['never ends', { type: 'noEnd' }, ['2026-03-19', '2026-03-26', '2026-04-02']],
  ['ends on a day', { type: 'endDate', endDate: '2026-03-26' }, ['2026-03-19', '2026-03-26']],
])('the rest of a series that %s ends as it did', (_name, range, expected) => {
  const { mailbox, found } = scene(range)
  const made = changeFollowing(mailbox, found('2026-03-19'), {}, preferences)
  expect(days(made).slice(0, 3)).toEqual(expected)
})

test('the rest of a series may move to another day and time', () => {
  const { mailbox, found } = scene(numbered)
  const recurrence = {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['friday'] },
    range: { type: 'numbered', startDate: '2026-03-19', numberOfOccurrences: 2 },
  }
  const times = { start: at('20', '14'), end: at('20', '15') }
  const made = changeFollowing(mailbox, found('2026-03-19'), { ...times, recurrence }, preferences)
  expect([days(made), made.start.wall]).toEqual([['2026-03-20', '2026-03-27'], '2026-03-20T14:00:00'])
})

test('from its first occurrence on it is the series itself that changes', () => {
  const { mailbox, found, old, all } = scene(numbered)
  const changed = changeFollowing(mailbox, found('2026-03-05'), { subject: 'All' }, preferences)
  expect([changed.core, old().properties.subject, all().length]).toEqual([old().core, 'All', 1])
})

test('deleting this and following shortens the series, or deletes it from its first occurrence on', () => {
  const { mailbox, found, old, all } = scene({ type: 'noEnd' })
  removeFollowing(mailbox, found('2026-03-19'))
  expect(days(old())).toEqual(['2026-03-05', '2026-03-12'])
  expect(findOccurrence(old(), '2026-03-26')).toBeUndefined()
  removeFollowing(mailbox, found('2026-03-05'))
  expect(all()).toEqual([])
})

test('guests are told of the shortened series and invited to the new one', () => {
  const attendees = [{ emailAddress: { address: 'kim@elsewhere.example' } }]
  const { world, mailbox, found } = scene(numbered, { attendees })
  changeFollowing(mailbox, found('2026-03-19'), {}, preferences)
  expect([...world.mail.after(0)].map(({ record }) => record.kind)).toEqual([
    'invitation',
    'invitation',
    'update',
  ])
})
