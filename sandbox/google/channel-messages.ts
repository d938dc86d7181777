import type { Notification } from '../delivery.ts'
import { nowOf, type World } from '../world.ts'
import { googleSwitch } from './switches.ts'
import type { Channel, ChannelTopic } from './types.ts'

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

type ResourceState = 'sync' | 'exists' | 'not_exists'

/** Sends a channel’s next message as soon as the clock lets it. */
export function notify(world: World, key: string, channel: Channel, state: ResourceState): void {
  const message = messageOf(world, key, channel, state)
  if (message !== undefined) world.delivery.send(message, isRetried)
}

/** The next message of a channel, if it is still open. */
export function messageOf(
  world: World,
  key: string,
  channel: Channel,
  state: ResourceState,
): Notification | undefined {
  // It may have ended since, or another have taken its id.
  const open = world.state.channels.get(key)
  if (open?.resourceId !== channel.resourceId || !isHeard(world, open)) return undefined
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
  return { vendor: 'google', account, address, kind: state, headers, body: '' }
}

/** Google tries again on these only; every other answer, and none, ends the matter. */
export function isRetried(status: number | null): boolean {
  return status !== null && [500, 502, 503, 504].includes(status)
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

/** A channel’s id is unique within the project of the client that opened it. */
export function channelKey(clientId: string, id: string): string {
  return `${clientId} ${id}`
}
