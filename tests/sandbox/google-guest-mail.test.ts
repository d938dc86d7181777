import { expect, test } from 'vitest'
import { at, events, series } from './google-made.ts'
import { meetingHere } from './google-meeting.ts'
import { playHere, timed } from './played.ts'

const played = playHere()
const { host, guest, meet, answer, mailOf } = meetingHere(played, 'guest-mail')

const outside = { email: 'outside@example.org' }

test.each([
  ['', []],
  ['?sendUpdates=none', []],
  ['?sendNotifications=false', []],
  ['?sendUpdates=all', ['guest', 'outside']],
  ['?sendNotifications=true', ['guest', 'outside']],
  ['?sendUpdates=externalOnly', ['outside']],
  ['?sendUpdates=none&sendNotifications=true', []],
])('an invitation with "%s" is mailed to %j', async (query, expected) => {
  const room = { email: 'room@example.org', resource: true }
  const attendees = [{ email: host.email }, { email: guest.email }, outside, room]
  await host.call('POST', `${events}${query}`, { ...timed('Retro', 9), attendees })
  const to = (await mailOf()).flatMap((mail) => mail['to'])
  expect(to).toEqual(expected.map((who) => (who === 'guest' ? guest.email : outside.email)))
})

test('new guests are invited by mail, former ones uninvited, the others told of news', async () => {
  await meet({ attendees: [outside, { email: 'stays@example.org' }] })
  const attendees = [{ email: 'stays@example.org' }, { email: 'new@example.org' }]
  await host.call('PATCH', `${events}/meet0?sendUpdates=all`, { attendees, summary: 'Renamed' })
  expect((await mailOf()).map(({ kind, to }) => [kind, to])).toEqual([
    ['invitation', ['new@example.org']],
    ['cancellation', [outside.email]],
    ['update', ['stays@example.org']],
  ])
})

test('what guests cannot see is not mailed, nor a write that changes nothing', async () => {
  await meet({ attendees: [outside] })
  for (const body of [
    { colorId: '3' },
    { reminders: { useDefault: false } },
    { extendedProperties: { private: { a: '1' } } },
    {},
  ])
    await host.call('PATCH', `${events}/meet0?sendUpdates=all`, body)
  expect(await mailOf()).toEqual([])
})

test('a deleted meeting is mailed as cancelled, and an answer to its organizer', async () => {
  await meet({ attendees: [{ email: guest.email }, outside] })
  await answer(guest, 'accepted', 'meet0', '?sendUpdates=all')
  await host.call('DELETE', `${events}/meet0?sendUpdates=all`)
  expect((await mailOf()).map(({ account, kind, to }) => [account, kind, to])).toEqual([
    [guest.email, 'response', [host.email]],
    [host.email, 'cancellation', [guest.email, outside.email]],
  ])
})

test('a cancelled instance is mailed as such', async () => {
  await host.call('POST', events, { ...series('serie', 'RRULE:FREQ=DAILY;COUNT=3'), attendees: [outside] })
  await host.call('DELETE', `${events}/serie_20260306T080000Z?sendUpdates=all`)
  expect(await mailOf()).toMatchObject([{ kind: 'cancellation', eventId: 'serie_20260306T080000Z' }])
})

test('an event without guests is mailed to nobody', async () => {
  await host.call('POST', `${events}?sendUpdates=all`, {
    start: at('2026-03-05T09:00:00'),
    end: at('2026-03-05T10:00:00'),
  })
  expect(await mailOf()).toEqual([])
})
