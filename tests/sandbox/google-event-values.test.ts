import { expect, test } from 'vitest'
import { at, events, messageOf, refusal } from './google-made.ts'
import { eventHere } from './google-written.ts'
import { list, object, playHere, type Answer } from './played.ts'

const played = playHere()
const { google, insert } = eventHere(played, 'event')

/** Where in the body Google says the fault lies. */
const locationOf = (answer: Answer): unknown => list(object(answer.body['error'])['errors'])[0]?.['location']

test.each([
  ['summary', 5],
  ['description', ['x']],
  ['location', {}],
  ['status', 'perhaps'],
  ['visibility', 'secret'],
  ['transparency', 'glass'],
  ['sequence', 'many'],
  ['sequence', 1.5],
  ['attendees', {}],
  ['attendees', ['x@example.com']],
  ['recurrence', 'RRULE:FREQ=DAILY'],
  ['recurrence', [5]],
  ['recurrence', ['DTSTART:20260305']],
  ['recurrence', ['RRULE:FREQ=SOMETIMES']],
  ['reminders', []],
  ['extendedProperties', { private: { a: 1 } }],
  ['extendedProperties', { shared: 'x' }],
  ['guestsCanModify', 'yes'],
  ['colorId', '99'],
  ['eventType', 'party'],
  ['source', { url: 'ftp://example.com', title: 'x' }],
  ['start', 'now'],
  ['start', { dateTime: 5 }],
  ['start', { dateTime: '2026-13-01T00:00:00Z' }],
  ['start', { date: '2026-02-30' }],
  ['start', { dateTime: '0000-01-01T00:00:00Z' }],
  ['start', { dateTime: '2026-03-05T09:00:00', timeZone: 'Mars/Base' }],
])('%s of %j is refused and the place is told', async (name, value) => {
  const refused = await insert({ [name]: value })
  expect(refusal(refused)).toEqual([400, 'invalid'])
  expect(locationOf(refused)).toEqual(expect.stringMatching(new RegExp(`^${name}`)))
  expect((await google('GET', `${events}/event`)).status).toBe(404)
})

test.each([
  ['a body that is a list', [], 'parseError'],
  ['a body that is a text', '"x"', 'parseError'],
  ['a body that breaks off', '{"summary":', 'parseError'],
])('%s is refused', async (_case, body, reason) => {
  const headers = { 'content-type': 'application/json' }
  expect(refusal(await google('POST', events, body, headers))).toEqual([400, reason])
})

test.each([
  ['no start', { end: at('2026-03-05T10:00:00') }, 'Missing start time.'],
  ['no end', { start: at('2026-03-05T10:00:00') }, 'Missing end time.'],
  ['a start without a time', { start: {}, end: at('2026-03-05T10:00:00') }, 'Missing start time.'],
  [
    'no zone in a series',
    {
      start: { dateTime: '2026-03-05T09:00:00Z' },
      end: at('2026-03-05T10:00:00'),
      recurrence: ['RRULE:FREQ=DAILY'],
    },
    'Missing time zone definition for start time.',
  ],
  [
    'no zone at the end of a series',
    {
      start: at('2026-03-05T09:00:00'),
      end: { dateTime: '2026-03-05T10:00:00Z' },
      recurrence: ['RRULE:FREQ=DAILY'],
    },
    'Missing time zone definition for end time.',
  ],
  [
    'neither offset nor zone',
    { start: { dateTime: '2026-03-05T09:00:00' }, end: { dateTime: '2026-03-05T10:00:00' } },
    'Missing time zone definition for start time.',
  ],
])('%s is refused as required', async (_case, body, message) => {
  const refused = await google('POST', events, { id: 'event', ...body })
  expect([...refusal(refused), messageOf(refused)]).toEqual([400, 'required', message])
})

test('an end before its start is an empty time range, whatever the zones', async () => {
  const backwards = { start: at('2026-03-05T09:00:00'), end: at('2026-03-05T08:59:00') }
  const refused = await insert(backwards)
  expect(refusal(refused)).toEqual([400, 'timeRangeEmpty'])
  const flight = { start: at('2026-03-05T09:00:00'), end: at('2026-03-05T04:00:00', 'America/New_York') }
  expect((await insert(flight)).body).toMatchObject({
    start: { dateTime: '2026-03-05T09:00:00+01:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-03-05T10:00:00+01:00', timeZone: 'America/New_York' },
  })
})

test('times are kept to the second and shown with the offset of the calendar’s zone', async () => {
  const times = {
    start: { dateTime: '2026-07-01T12:00:00.987Z' },
    end: { dateTime: '2026-07-01T08:30-05:00' },
  }
  expect((await insert(times)).body).toMatchObject({
    start: { dateTime: '2026-07-01T14:00:00+02:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-07-01T15:30:00+02:00' },
  })
})

test('an all-day event has dates alone', async () => {
  const day = { start: { date: '2026-03-05', timeZone: 'Europe/Berlin' }, end: { date: '2026-03-07' } }
  const { body } = await insert(day)
  expect([body['start'], body['end']]).toEqual([{ date: '2026-03-05' }, { date: '2026-03-07' }])
})
