import { expect, test } from 'vitest'
import { events, refusal } from './google-made.ts'
import { invited, meetingHere, responsesIn } from './google-meeting.ts'
import { object, playHere } from './played.ts'

const played = playHere()
const { host, guest, third, meet, read, answer } = meetingHere(played, 'guest-rights')

test('what a guest changes stays on the own copy until the organizer changes the meeting', async () => {
  await meet()
  await guest.call('PATCH', `${events}/meet0`, { summary: 'Mine', location: 'My place' })
  expect((await read(host))['summary']).toBe('Retro')
  expect(await read(guest)).toMatchObject({ summary: 'Mine', sequence: 0 })
  await host.call('PATCH', `${events}/meet0`, { description: 'x' })
  expect(await read(guest)).toMatchObject({ summary: 'Retro', description: 'x' })
})

test('whether guests may change their own copy at all is a switch', async () => {
  await meet()
  await played.control('POST', 'switches', { 'google.guestEdits': 'refused' })
  expect(refusal(await guest.call('PATCH', `${events}/meet0`, { summary: 'Mine' }))).toEqual([
    403,
    'forbiddenForNonOrganizer',
  ])
  expect((await guest.call('PATCH', `${events}/meet0`, { colorId: '3' })).status).toBe(200)
})

test.each(['guestsCanModify', 'guestsCanInviteOthers', 'guestsCanSeeOtherGuests', 'anyoneCanAddSelf'])(
  'only the organizer may set %s',
  async (name) => {
    await meet()
    const value = name !== 'guestsCanInviteOthers' && name !== 'guestsCanSeeOtherGuests'
    const refused = await guest.call('PATCH', `${events}/meet0`, { [name]: value })
    expect(refusal(refused)).toEqual([403, 'forbiddenForNonOrganizer'])
    expect(object(refused.body['error'])['message']).toBe(
      'Shared properties can only be changed by the organizer of the event.',
    )
    expect(await read(guest)).not.toHaveProperty(name)
  },
)

test('an update of a copy that leaves out such a property sets it to its default, which is refused too', async () => {
  await meet({ guestsCanInviteOthers: false })
  const { body } = await guest.call('GET', `${events}/meet0`)
  const { guestsCanInviteOthers: _left, ...rest } = body
  expect(refusal(await guest.call('PUT', `${events}/meet0`, rest))).toEqual([403, 'forbiddenForNonOrganizer'])
  expect((await guest.call('PUT', `${events}/meet0`, body)).status).toBe(200)
})

test('where guests may change a meeting, a guest changes it for everybody', async () => {
  await meet({ guestsCanModify: true })
  await guest.call('PATCH', `${events}/meet0`, {
    summary: 'Ours',
    start: { dateTime: '2026-03-05T08:00:00+01:00' },
  })
  for (const one of [host, guest, third]) {
    expect(await read(one)).toMatchObject({
      summary: 'Ours',
      start: { dateTime: '2026-03-05T08:00:00+01:00' },
    })
  }
})

test('guests invite others unless they may not', async () => {
  await meet(invited(guest))
  const more = { attendees: [{ email: guest.email }, { email: third.email }] }
  await guest.call('PATCH', `${events}/meet0`, more)
  expect(Object.keys(responsesIn(await read(host)))).toEqual([guest.email, third.email])
  expect((await read(third))['summary']).toBe('Retro')
  await host.call('PATCH', `${events}/meet0`, { ...invited(guest), guestsCanInviteOthers: false })
  await guest.call('PATCH', `${events}/meet0`, more)
  expect(Object.keys(responsesIn(await read(host)))).toEqual([guest.email])
})

test('guests who may not see each other see themselves', async () => {
  await meet({ guestsCanSeeOtherGuests: false })
  const copy = await read(guest)
  expect([Object.keys(responsesIn(copy)), copy['attendeesOmitted']]).toEqual([[guest.email], true])
  await answer(guest, 'accepted')
  expect(responsesIn(await read(host))).toEqual({ [guest.email]: 'accepted', [third.email]: 'needsAction' })
  expect((await read(guest))['attendeesOmitted']).toBe(true)
})
