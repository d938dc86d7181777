import type { Provider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import { receive } from '../support/meetings.ts'
import { asPerson } from '../support/sandbox-control.ts'
import { atHour, isUnseen, makeThing, nameOf, newTitle, pickOne, touch, type Play } from './play.ts'

/** A person does something in their own calendar: with an event of theirs or with our copy, they cannot tell. */
export async function actAtVendor(play: Play, provider = play.chance.pick(play.providers)): Promise<void> {
  const { chance, world } = play
  play.counts.edits++
  const events = await world.control.events(provider.vendor, provider.accountEmail ?? '')
  const known = events.toSorted((one, other) => (one.title < other.title ? -1 : 1))
  const act = chance.weigh<'make' | 'meet' | 'rename' | 'move' | 'delete'>([
    [2, 'make'],
    [1, 'meet'],
    [5, 'rename'],
    [2, 'move'],
    [2, 'delete'],
  ])
  if (act === 'meet') return meet(play, provider)
  if (act === 'make' || known.length === 0) return make(play, provider)
  const event = pickOne(play, known, ({ title }) => title)
  const person = await personOf(play, provider)
  const site = provider.id
  const where = `in ${nameOf(play, site)}`
  switch (act) {
    case 'rename': {
      const title = newTitle(play, event.title)
      await person.rename(event.id, title)
      touch(play, event.title, { site, kind: 'renamed', title })
      play.story.push(`somebody renames ${event.title} to ${title} ${where}`)
      return
    }
    case 'move': {
      const hour = chance.below(20)
      await person.send('PATCH', eventPath(provider.vendor, event.id), timesOf(provider.vendor, hour))
      touch(play, event.title, { site, kind: 'moved' })
      play.story.push(`somebody moves ${event.title} to ${hour} ${where}`)
      return
    }
    case 'delete': {
      await person.remove(event.id)
      touch(play, event.title, { site, kind: 'deleted' })
      if (await isUnseen(play, site)) touch(play, event.title, { site, kind: 'decided' })
      play.story.push(`somebody deletes ${event.title} ${where}`)
    }
  }
}

async function make(play: Play, provider: Provider): Promise<void> {
  const hour = play.chance.below(20)
  const { token } = makeThing(play, [provider.id], [provider.memberId])
  const person = await personOf(play, provider)
  await person.create({ title: token, start: atHour(hour), end: atHour(hour + 1) })
  play.story.push(`somebody makes ${token} in ${nameOf(play, provider.id)}`)
}

/** The same meeting, by its iCalendar UID, in both accounts of one member. */
async function meet(play: Play, { memberId }: Provider): Promise<void> {
  const hour = play.chance.below(20)
  const both = play.providers.filter((provider) => provider.memberId === memberId)
  const homes = both.map((provider) => provider.id)
  const { token } = makeThing(play, homes, [memberId])
  const iCalUID = `${token}@meet.example`
  const meeting = { title: token, start: atHour(hour), end: atHour(hour + 1), iCalUID }
  for (const provider of both) await receive(play.world, provider, meeting)
  play.story.push(`the meeting ${token} comes to ${homes.map((site) => nameOf(play, site)).join(' and ')}`)
}

/** Who is at the calendar, with a token of the moment. */
async function personOf({ world }: Play, { vendor, accountEmail }: Provider) {
  return asPerson(world.sandbox.url, vendor, await world.control.token(vendor, accountEmail ?? ''))
}

const eventPath = (vendor: Vendor, id: string): string =>
  vendor === 'google' ? `/calendar/v3/calendars/primary/events/${id}` : `/v1.0/me/events/${id}`

function timesOf(vendor: Vendor, hour: number): object {
  const at = (time: string) =>
    vendor === 'google' ? { dateTime: `${time}Z`, timeZone: 'UTC' } : { dateTime: time, timeZone: 'UTC' }
  return { start: at(atHour(hour)), end: at(atHour(hour + 1)) }
}
