import { createHash } from 'node:crypto'
import { isObject, textOf } from '../json.ts'
import type { Caller } from '../oauth/grants.ts'
import { nowOf, type World } from '../world.ts'
import { GoogleError } from './errors.ts'
import { readChannelWish } from './channel-wish.ts'
import { channelKey, isRetried, messageOf, notify } from './channel-messages.ts'
import { googleSwitch } from './switches.ts'
import type { CalendarFacts, Channel, ChannelTopic } from './types.ts'

/** What a channel is to tell of: a topic, whose it is, and the address it is read at. */
export interface Watched {
  topic: ChannelTopic
  of: string
  /** Below `/calendar/v3/`. */
  path: string
}

/** Opens a channel and says hello on it, as Google does right after or, now and then, before it answers. */
export async function openChannel(world: World, caller: Caller, watched: Watched, body: unknown) {
  const wish = readChannelWish(world, body)
  const key = channelKey(caller.clientId, wish.id)
  const known = world.state.channels.get(key)
  if (known !== undefined && known.expiresAtMs > nowOf(world)) {
    const reason = googleSwitch(world.state, 'channelIdNotUniqueReason')
    throw new GoogleError(400, reason, `Channel id ${wish.id} not unique`, { domain: 'push' })
  }
  const channel: Channel = {
    ...wish,
    resourceId: resourceIdOf(watched),
    resourceUri: `https://www.googleapis.com/calendar/v3/${watched.path}?alt=json`,
    email: caller.email,
    clientId: caller.clientId,
    topic: watched.topic,
    of: watched.of,
    messageNumber: 0,
  }
  world.state.channels.set(key, channel)
  if (googleSwitch(world.state, 'syncMessage') === 'before') {
    const hello = messageOf(world, key, channel, 'sync')
    if (hello !== undefined) await world.delivery.sendNow(hello, isRetried)
  } else world.delivery.soon(`sync ${key}`, () => notify(world, key, channel, 'sync'))
  const { id, resourceId, resourceUri, token, expiresAtMs } = channel
  return {
    kind: 'api#channel',
    id,
    resourceId,
    resourceUri,
    ...(token === null ? {} : { token }),
    expiration: String(expiresAtMs),
  }
}

/** Opens a channel on a calendar’s events or access rules, unless Google itself fills the calendar. */
export function watchCalendar(
  world: World,
  caller: Caller,
  { id, opensChannels }: CalendarFacts,
  topic: 'events' | 'acl',
  body: unknown,
) {
  if (!opensChannels) {
    const message = 'Push notifications are not supported by this resource.'
    throw new GoogleError(400, 'pushNotSupportedForRequestedResource', message, { domain: 'calendar' })
  }
  const path = `calendars/${encodeURIComponent(id)}/${topic}`
  return openChannel(world, caller, { topic, of: id, path }, body)
}

/** Closes a channel; only the client and account that opened it may. */
export function stopChannel(world: World, caller: Caller, body: unknown): void {
  const id = isObject(body) ? textOf(body['id']) : undefined
  const resourceId = isObject(body) ? textOf(body['resourceId']) : undefined
  if (!id || !resourceId) throw new GoogleError(400, 'required', 'Required')
  const key = channelKey(caller.clientId, id)
  const channel = world.state.channels.get(key)
  const isTheirs = channel?.resourceId === resourceId && channel.email === caller.email
  if (!isTheirs || channel.expiresAtMs <= nowOf(world))
    throw new GoogleError(404, 'notFound', `Channel '${id}' not found for project`)
  world.state.channels.delete(key)
}

/** The same for every channel on the same resource, and telling nothing about it. */
function resourceIdOf({ topic, of }: Watched): string {
  return createHash('sha256').update(`${topic} ${of}`).digest('base64url').slice(0, 27)
}
