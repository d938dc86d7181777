import { createHash } from 'node:crypto'
import { isObject, textOf } from '../json.ts'
import type { Caller } from '../oauth/grants.ts'
import { nowOf, type World } from '../world.ts'
import { GoogleError } from './errors.ts'
import { readChannelWish } from './channel-wish.ts'
import { googleSwitch } from './switches.ts'
import type { CalendarFacts, Channel, ChannelTopic } from './types.ts'

/** What a channel is to tell of: a topic, whose it is, and the address it is read at. */
export interface Watched {
  topic: ChannelTopic
  of: string
  /** Below `/calendar/v3/`. */
  path: string
}

/** Opens a channel and says hello on it, as Google does right after. */
export function openChannel(world: World, caller: Caller, watched: Watched, body: unknown) {
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
  world.delivery.soon(`sync ${key}`, () => notify(world, key, channel, 'sync'))
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

/** Tells every open channel of a resource that it changed, a little later and once for several changes. */
export function announce(world: World, topic: ChannelTopic, of: string): void {
  for (const [key, channel] of channelsOf(world, topic, of))
    world.delivery.soon(`exists ${key}`, () => notify(world, key, channel, 'exists'))
}

/** Tells the channels of a resource that it is no more; it is the last they say. */
export function announceEnd(world: World, topic: ChannelTopic, of: string): void {
  for (const [key, channel] of channelsOf(world, topic, of)) {
    world.delivery.soon(`not_exists ${key}`, () => {
      notify(world, key, channel, 'not_exists')
      world.state.channels.delete(key)
      world.commit()
    })
  }
}

function channelsOf(world: World, topic: ChannelTopic, of: string): [string, Channel][] {
  const open: [string, Channel][] = []
  for (const [key, channel] of world.state.channels) {
    if (channel.topic !== topic || channel.of !== of) continue
    if (channel.expiresAtMs <= nowOf(world)) world.state.channels.delete(key)
    else open.push([key, channel])
  }
  return open
}

function notify(world: World, key: string, channel: Channel, state: 'sync' | 'exists' | 'not_exists'): void {
  // It may have ended since, or another have taken its id.
  const open = world.state.channels.get(key)
  if (open?.resourceId !== channel.resourceId || !isHeard(world, open)) return
  // Google promises numbers that rise, not that none is left out.
  const step = state === 'sync' ? 1 : 1 + Math.floor(world.random.next() * 3)
  const messageNumber = open.messageNumber + step
  world.state.channels.set(key, { ...open, messageNumber })
  world.commit()
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=UTF-8',
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    'x-goog-channel-id': channel.id,
    'x-goog-channel-expiration': new Date(channel.expiresAtMs).toUTCString(),
    'x-goog-message-number': String(messageNumber),
    'x-goog-resource-id': channel.resourceId,
    'x-goog-resource-state': state,
    'x-goog-resource-uri': channel.resourceUri,
  }
  if (channel.token !== null) headers['x-goog-channel-token'] = channel.token
  const { address, email: account } = channel
  const isRetried = (status: number | null): boolean =>
    status !== null && [500, 502, 503, 504].includes(status)
  world.delivery.send({ vendor: 'google', account, address, kind: state, headers, body: '' }, isRetried)
}

/** Whether a channel still speaks: not once all consent to its client is gone, when Google is taken to be so strict. */
function isHeard(world: World, { email, clientId }: Channel): boolean {
  if (googleSwitch(world.state, 'channelsAfterRevocation') === 'firing') return true
  const { grants, accessTokens } = world.state
  const isOfClient = (one: { vendor: string; email: string; clientId: string }): boolean =>
    one.vendor === 'google' && one.email === email && one.clientId === clientId
  return (
    [...grants.values()].some((grant) => isOfClient(grant) && grant.ended === null) ||
    [...accessTokens.values()].some((token) => isOfClient(token) && !token.revoked)
  )
}

/** The same for every channel on the same resource, and telling nothing about it. */
function resourceIdOf({ topic, of }: Watched): string {
  return createHash('sha256').update(`${topic} ${of}`).digest('base64url').slice(0, 27)
}

function channelKey(clientId: string, id: string): string {
  return `${clientId} ${id}`
}
