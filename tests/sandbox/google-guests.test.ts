import { expect, test } from 'vitest'
import { events, idsOf, itemsOf, series } from './google-made.ts'
import { invited, meetingHere, responsesIn } from './google-meeting.ts'
import { list, object, playHere, timed } from './played.ts'

const played = playHere()
const { host, guest, third, meet, read, answer, mailOf } = meetingHere(played, 'guests')

test('a guest with an account has a copy: the same id and iCalUID, and the organizer is somebody else', async () => {
  const { body: made } = await meet({
    location: 'Here',
    colorId: '3',
    source: { url: 'https://example.com', title: 'x' },
  })
  const copy = await read(guest)
  expect(copy).toMatchObject({
    id: 'meet0',
    iCalUID: made['iCalUID'],
    summary: 'Retro',
    location: 'Here',
    organizer: { email: host.email },
    creator: { email: host.email },
    attendees: [
      { email: guest.email, self: true, responseStatus: 'needsAction' },
      { email: third.email, responseStatus: 'needsAction' },
    ],
    reminders: { useDefault: true },
  })
  expect(object(copy['organizer'])).not.toHaveProperty('self')
  expect(list(copy['attendees'])[1]).not.toHaveProperty('self')
  for (const own of ['colorId', 'source']) expect(copy).not.toHaveProperty(own)
  expect(copy['etag']).not.toBe(made['etag'])
})

test('the organizer’s changes come to every copy, and what is a guest’s own stays', async () => {
  await meet({ extendedProperties: { private: { ours: '1' }, shared: { all: '1' } } })
  await guest.call('PATCH', `${events}/meet0`, {
    colorId: '5',
    transparency: 'transparent',
    reminders: { useDefault: false },
    extendedProperties: { private: { mine: '1' } },
  })
  await host.call('PATCH', `${events}/meet0`, {
    summary: 'Renamed',
    transparency: 'opaque',
    colorId: '9',
    start: { dateTime: '2026-03-05T08:30:00+01:00' },
  })
  expect(await read(guest)).toMatchObject({
    summary: 'Renamed',
    start: { dateTime: '2026-03-05T08:30:00+01:00' },
    colorId: '5',
    transparency: 'transparent',
    reminders: { useDefault: false },
    extendedProperties: { private: { mine: '1' }, shared: { all: '1' } },
    sequence: 1,
  })
  expect((await read(host))['colorId']).toBe('9')
})

test('what is private to the organizer changes no copy', async () => {
  await meet()
  const before = await read(guest)
  await host.call('PATCH', `${events}/meet0`, {
    colorId: '3',
    reminders: { useDefault: false },
    extendedProperties: { private: { a: '1' } },
  })
  expect(await read(guest)).toEqual(before)
})

test('a guest’s answer comes to the organizer and the others, and changes nothing else', async () => {
  await meet()
  await answer(guest, 'accepted')
  for (const one of [host, guest, third])
    expect(responsesIn(await read(one))).toEqual({ [guest.email]: 'accepted', [third.email]: 'needsAction' })
  expect(await read(host)).toMatchObject({ summary: 'Retro', sequence: 0 })
})

test('a guest who sends only the own answer drops nobody', async () => {
  await meet()
  const { body } = await answer(guest, 'tentative')
  expect(Object.keys(responsesIn(body))).toEqual([guest.email, third.email])
})

test('an answer to one instance makes an exception for everybody', async () => {
  await host.call('POST', events, { ...series('serie', 'RRULE:FREQ=DAILY;COUNT=3'), ...invited(guest) })
  await answer(guest, 'declined', 'serie_20260306T080000Z')
  const exception = await read(host, 'serie_20260306T080000Z')
  expect(responsesIn(exception)).toEqual({ [guest.email]: 'declined' })
  expect(responsesIn(await read(host, 'serie'))).toEqual({ [guest.email]: 'needsAction' })
  expect(idsOf(await host.call('GET', events))).toEqual(['serie', 'serie_20260306T080000Z'])
})

test('a changed or cancelled instance of a meeting is one in every copy', async () => {
  await host.call('POST', events, { ...series('serie', 'RRULE:FREQ=DAILY;COUNT=3'), ...invited(guest) })
  await host.call('PATCH', `${events}/serie_20260306T080000Z`, { summary: 'Other' })
  await host.call('DELETE', `${events}/serie_20260307T080000Z`)
  const copies = itemsOf(await guest.call('GET', events))
  expect(copies.map(({ id, status, summary }) => [id, status, summary])).toEqual([
    ['serie', 'confirmed', 'Daily'],
    ['serie_20260306T080000Z', 'confirmed', 'Other'],
    ['serie_20260307T080000Z', 'cancelled', undefined],
  ])
})

test('a guest of one instance alone has that instance, and its series is nowhere', async () => {
  await host.call('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  await host.call('PATCH', `${events}/serie_20260306T080000Z`, invited(guest))
  const [copy] = itemsOf(await guest.call('GET', events))
  expect(copy).toMatchObject({
    id: 'serie_20260306T080000Z',
    recurringEventId: 'serie',
    iCalUID: 'serie@google.com',
  })
  expect((await guest.call('GET', `${events}/serie`)).status).toBe(404)
})

test('a guest who is taken off, or whose meeting is deleted, is told of a deletion', async () => {
  await meet()
  await host.call('PATCH', `${events}/meet0`, invited(third))
  expect((await read(guest))['status']).toBe('cancelled')
  await host.call('DELETE', `${events}/meet0`)
  expect((await read(third))['status']).toBe('cancelled')
})

test('a guest who is invited again has the copy again, and so have all when a meeting comes back', async () => {
  await meet()
  await host.call('PATCH', `${events}/meet0`, invited(third))
  await host.call('PATCH', `${events}/meet0`, invited(guest, third))
  expect((await read(guest))['status']).toBe('confirmed')
  await host.call('DELETE', `${events}/meet0`)
  await host.call('PATCH', `${events}/meet0`, { status: 'confirmed' })
  expect([(await read(guest))['status'], (await read(third))['status']]).toEqual(['confirmed', 'confirmed'])
})

test('a guest who deletes the copy has declined, and a later change does not bring it back', async () => {
  await meet()
  expect((await guest.call('DELETE', `${events}/meet0`)).status).toBe(204)
  expect(responsesIn(await read(host))).toEqual({ [guest.email]: 'declined', [third.email]: 'needsAction' })
  await host.call('PATCH', `${events}/meet0`, { summary: 'Renamed' })
  expect((await read(guest))['status']).toBe('cancelled')
  expect((await read(host))['status']).toBe('confirmed')
})

test('a private copy and an event of somebody’s own bring nobody anything', async () => {
  await meet({ privateCopy: true })
  expect((await guest.call('GET', `${events}/meet0`)).status).toBe(404)
  expect((await read(host))['privateCopy']).toBe(true)
})

test('a copy takes another id where the guest has used that one', async () => {
  await guest.call('POST', events, { ...timed('Own', 9), id: 'meet0' })
  const { body } = await meet()
  const [, copy] = itemsOf(await guest.call('GET', events))
  expect([copy?.['iCalUID'], copy?.['summary']]).toEqual([body['iCalUID'], 'Retro'])
  expect((await read(guest))['summary']).toBe('Own')
  await host.call('PATCH', `${events}/meet0`, { summary: 'Renamed' })
  expect((await read(guest, String(copy?.['id'])))['summary']).toBe('Renamed')
})

test('guests follow a meeting that its organizer moves to another calendar', async () => {
  await meet()
  await played.control('POST', 'accounts', { vendor: 'google', email: host.email, calendars: ['Second'] })
  const { body } = await host.call('GET', '/calendar/v3/users/me/calendarList')
  const second = String(list(body['items']).find(({ summary }) => summary === 'Second')?.['id'])
  await host.call('POST', `${events}/meet0/move?destination=${encodeURIComponent(second)}`)
  expect((await read(guest))['organizer']).toEqual({ email: second, displayName: 'Second' })
  await answer(guest, 'accepted')
  const moved = await host.call('GET', `/calendar/v3/calendars/${encodeURIComponent(second)}/events/meet0`)
  expect(responsesIn(moved.body)[guest.email]).toBe('accepted')
})

test('over two hundred guests are not told of each other’s answers', async () => {
  const many = Array.from({ length: 200 }, (_, index) => ({ email: `many${index}@example.org` }))
  await meet(invited(guest, ...many))
  await answer(guest, 'accepted')
  expect(responsesIn(await read(host))[guest.email]).toBe('needsAction')
  expect(responsesIn(await read(guest))[guest.email]).toBe('accepted')
})

test('a channel of a guest tells that a copy has come', async () => {
  await meet()
  const before = await guest.call('GET', events)
  await host.call('PATCH', `${events}/meet0`, { summary: 'b' })
  const changes = await guest.call('GET', `${events}?syncToken=${String(before.body['nextSyncToken'])}`)
  expect(itemsOf(changes)).toMatchObject([{ id: 'meet0', summary: 'b' }])
})

test('an invitation from elsewhere is a copy whose answers nobody here hears of', async () => {
  const resource = {
    ...timed('Theirs', 9),
    id: 'theirs',
    organizer: { email: 'Boss@Example.org' },
    ...invited(guest),
  }
  await played.control('POST', `accounts/${guest.email}/received`, { vendor: 'google', resource })
  const { body } = await answer(guest, 'accepted', 'theirs', '?sendUpdates=all')
  expect(body).toMatchObject({
    organizer: { email: 'boss@example.org' },
    attendees: [{ self: true, responseStatus: 'accepted' }],
  })
  expect(await mailOf()).toMatchObject([{ kind: 'response', to: ['boss@example.org'], eventId: 'theirs' }])
})
