import { expect, test } from 'vitest'
import { at, events, idsOf, messageOf, refusal, series } from './google-made.ts'
import { eventHere } from './google-written.ts'
import { playHere, timed, type Json } from './played.ts'

const played = playHere()
const { google, insert, patch, put, read } = eventHere(played, 'chang')

const invalidTimes = { start: { dateTime: 'soon' }, end: { dateTime: 'later' } }

const full = {
  description: 'long',
  location: 'Here',
  colorId: '3',
  visibility: 'private',
  transparency: 'transparent',
  attendees: [{ email: 'x@example.com' }],
  extendedProperties: { private: { a: '1' }, shared: { b: '2' } },
  reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] },
  source: { url: 'https://example.com', title: 'Ours' },
  guestsCanModify: true,
  guestsCanInviteOthers: false,
  guestsCanSeeOtherGuests: false,
  anyoneCanAddSelf: true,
}

test('an update sets what it leaves out to its default', async () => {
  await insert(full)
  const before = await read()
  const { body } = await put(timed('b', 10))
  for (const name of Object.keys(full)) {
    if (name === 'reminders') expect(body['reminders']).toEqual({ useDefault: true })
    else expect(body).not.toHaveProperty(name)
  }
  for (const name of ['id', 'iCalUID', 'created', 'creator', 'organizer', 'htmlLink'])
    expect(body[name]).toEqual(before[name])
})

test('an update needs its times', async () => {
  await insert({})
  expect(refusal(await put({ summary: 'b' }))).toEqual([400, 'required'])
})

test('a patch leaves what it does not name', async () => {
  await insert(full)
  const { etag: _etag, updated: _updated, ...before } = await read()
  expect((await patch({ summary: 'b' })).body).toMatchObject({ ...before, summary: 'b' })
})

test.each(Object.keys(full))('a patch clears %s by null', async (name) => {
  await insert(full)
  const { body } = await patch({ [name]: null })
  if (name === 'reminders') expect(body['reminders']).toEqual({ useDefault: true })
  else expect(body).not.toHaveProperty(name)
})

test('a patch merges objects and replaces lists', async () => {
  await insert(full)
  const { body } = await patch({
    extendedProperties: { private: { a: null, c: '3' } },
    attendees: [{ email: 'y@example.com' }],
    source: { title: 'Theirs' },
  })
  expect(body).toMatchObject({
    extendedProperties: { private: { c: '3' }, shared: { b: '2' } },
    attendees: [{ email: 'y@example.com' }],
    source: { url: 'https://example.com', title: 'Theirs' },
  })
})

test('a patch of reminders replaces them and does not merge', async () => {
  await insert(full)
  expect((await patch({ reminders: { useDefault: true } })).body['reminders']).toEqual({ useDefault: true })
  expect((await patch({ reminders: { useDefault: false } })).body['reminders']).toEqual({ useDefault: false })
})

test('a timed event becomes an all-day one, and back, when the other member is cleared', async () => {
  await insert({})
  const day = (date: string): Json => ({ date, dateTime: null, timeZone: null })
  const allDay = await patch({ start: day('2026-03-05'), end: day('2026-03-06') })
  expect(allDay.body['start']).toEqual({ date: '2026-03-05' })
  const time = (hour: string): Json => ({ date: null, ...at(`2026-03-05T${hour}:00:00`) })
  expect((await patch({ start: time('09'), end: time('10') })).body['start']).toEqual({
    dateTime: '2026-03-05T09:00:00+01:00',
    timeZone: 'Europe/Berlin',
  })
  expect(refusal(await patch({ start: { date: '2026-03-05' } }))).toEqual([400, 'invalid'])
})

test('a patch of the start alone keeps the end, and must not pass it', async () => {
  await insert({})
  expect((await patch({ start: { dateTime: '2026-03-05T09:30:00+01:00' } })).status).toBe(200)
  expect(refusal(await patch({ start: { dateTime: '2026-03-05T11:00:00+01:00' } }))).toEqual([
    400,
    'timeRangeEmpty',
  ])
})

test('a write that is refused changes nothing', async () => {
  await insert(full)
  const before = await read()
  expect((await patch({ summary: 'b', ...invalidTimes })).status).toBe(400)
  expect((await put({ summary: 'b', ...invalidTimes })).status).toBe(400)
  expect(await read()).toEqual(before)
})

test('a write that changes nothing keeps etag and time, unless switched otherwise', async () => {
  await insert(full)
  const before = await read()
  const { body } = await google('GET', events)
  expect((await patch({})).body).toEqual(before)
  expect((await patch({ summary: 'a', colorId: '3' })).body).toEqual(before)
  expect((await put(before)).body).toEqual(before)
  expect(idsOf(await google('GET', `${events}?syncToken=${String(body['nextSyncToken'])}`))).toEqual([])
  await played.control('POST', 'switches', { 'google.writeWithoutChange': 'new etag' })
  expect((await patch({})).body['etag']).not.toBe(before['etag'])
})

test('the sequence rises with time, place, rule and status, and not with words', async () => {
  await insert({})
  const sequences = []
  for (const body of [
    { summary: 'b', description: 'c', colorId: '1', reminders: { useDefault: false } },
    { start: { dateTime: '2026-03-05T09:15:00+01:00' } },
    { location: 'There' },
    {
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
      start: at('2026-03-05T09:15:00'),
      end: at('2026-03-05T10:00:00'),
    },
    { status: 'tentative' },
    { start: { dateTime: '2026-03-05T08:15:00Z' } },
  ])
    sequences.push((await patch(body)).body['sequence'])
  expect(sequences).toEqual([0, 1, 2, 3, 4, 4])
})

test('a higher sequence is kept, a lower one refused or ignored, as switched', async () => {
  await insert({ sequence: 3 })
  expect((await patch({ sequence: 7 })).body['sequence']).toBe(7)
  expect(refusal(await patch({ sequence: 6, summary: 'b' }))).toEqual([400, 'invalid'])
  await played.control('POST', 'switches', { 'google.lowerSequence': 'ignored' })
  expect((await patch({ sequence: 6, summary: 'b' })).body).toMatchObject({ sequence: 7, summary: 'b' })
})

test.each([
  'sendUpdates=some',
  'sendNotifications=1',
  'supportsAttachments=maybe',
  'maxAttendees=0',
  'conferenceDataVersion=x',
])('a write with %s is refused and not done', async (query) => {
  expect(refusal(await insert({}, `?${query}`))).toEqual([400, 'invalidParameter'])
  expect((await google('GET', `${events}/event`)).status).toBe(404)
})

test('an instance keeps its visibility unless it is stricter than that of its series, which then follows', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  const instance = `${events}/serie_20260306T080000Z`
  expect((await google('PATCH', instance, { visibility: 'public' })).body).not.toHaveProperty('visibility')
  expect((await google('PATCH', instance, { visibility: 'private' })).body['visibility']).toBe('private')
  expect((await google('GET', `${events}/serie`)).body['visibility']).toBe('private')
})

test('an empty body of a write is an empty event', async () => {
  expect(refusal(await google('POST', events))).toEqual([400, 'required'])
  await insert({})
  expect((await google('PATCH', `${events}/event`)).status).toBe(200)
})

test('quickAdd is not played and says so', async () => {
  const refused = await google('POST', `${events}/quickAdd?text=Lunch`)
  expect([...refusal(refused), messageOf(refused)]).toEqual([
    501,
    'notImplemented',
    'The sandbox does not play events.quickAdd.',
  ])
})
