import { findAccount, findCalendar } from '../accounts.ts'
import { isCallbackAddress } from '../delivery.ts'
import { isObject, numberOf, textOf } from '../json.ts'
import { base64url } from '../random.ts'
import { nowOf, type World } from '../world.ts'
import { GoogleError, invalid, notFound } from './errors.ts'
import type { Channel, GoogleCalendar } from './types.ts'

const lifetimeMaxMs = 7 * 86_400_000

/** Opens a channel and says hello on it, as Google does right after. */
export function watch(
  world: World,
  holder: { email: string; clientId: string },
  calendar: GoogleCalendar,
  body: unknown,
): Channel {
  if (!isObject(body)) throw invalid('Invalid request body.')
  const { id, type, address } = body
  if (typeof id !== 'string' || !/^[A-Za-z0-9\-_+/=]{1,64}$/.test(id)) {
    throw new GoogleError(400, 'channelIdInvalid', 'Invalid channel id')
  }
  if (type !== 'web_hook') {
    const message = `Channel type ${String(type)} is not supported`
    throw new GoogleError(400, 'push.channelTypeNotSupported', message)
  }
  if (!isCallbackAddress(address)) {
    throw new GoogleError(
      400,
      'push.webhookUrlNotHttps',
      `WebHook callback must be HTTPS: ${String(address)}`,
    )
  }
  const token = textOf(body['token']) ?? null
  if ((token?.length ?? 0) > 256) throw invalid('The channel token is too long.')
  const key = channelKey(holder.clientId, id)
  const known = world.state.channels.get(key)
  if (known !== undefined && known.expiresAtMs > nowOf(world)) {
    throw new GoogleError(400, 'channelIdNotUnique', `Channel id ${id} not unique`)
  }
  const resourceId =
    Buffer.from(calendar.id).toString('base64url').slice(0, 22) + world.random.text(5, base64url)
  const channel: Channel = {
    id,
    resourceId,
    resourceUri: `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(calendar.id)}/events?alt=json`,
    email: holder.email,
    clientId: holder.clientId,
    calendarId: calendar.id,
    address,
    token,
    expiresAtMs: expiryOf(world, body),
    messageNumber: 0,
  }
  world.state.channels.set(key, channel)
  world.delivery.soon(`sync ${key}`, () => notify(world, key, channel, 'sync'))
  return channel
}

/** Closes a channel; only the client and account that opened it may. */
export function stop(world: World, holder: { email: string; clientId: string }, body: unknown): void {
  const id = isObject(body) ? textOf(body['id']) : undefined
  const resourceId = isObject(body) ? textOf(body['resourceId']) : undefined
  const key = channelKey(holder.clientId, id ?? '')
  const channel = world.state.channels.get(key)
  if (channel === undefined || channel.resourceId !== resourceId || channel.email !== holder.email) {
    throw new GoogleError(404, 'notFound', `Channel '${id ?? ''}' not found for project`)
  }
  world.state.channels.delete(key)
}

/** Tells every open channel of a calendar that it changed, a little later and once for several changes. */
export function announceChange(world: World, email: string, calendarId: string): void {
  for (const [key, channel] of world.state.channels) {
    if (channel.email !== email || channel.calendarId !== calendarId) continue
    if (channel.expiresAtMs <= nowOf(world)) world.state.channels.delete(key)
    else world.delivery.soon(`exists ${key}`, () => notify(world, key, channel, 'exists'))
  }
}

function notify(world: World, key: string, channel: Channel, state: 'sync' | 'exists'): void {
  // It may have ended since, or another have taken its id.
  const open = world.state.channels.get(key)
  if (open?.resourceId !== channel.resourceId) return
  const messageNumber = open.messageNumber + 1
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

function expiryOf(world: World, body: Record<string, unknown>): number {
  const parameters = isObject(body['params']) ? body['params'] : {}
  const ttlSeconds = numberOf(parameters['ttl'])
  const now = nowOf(world)
  const wished =
    numberOf(body['expiration']) ?? (ttlSeconds === undefined ? Infinity : now + ttlSeconds * 1000)
  if (wished <= now) throw invalid('The channel expiration lies in the past.')
  return Math.min(wished, now + lifetimeMaxMs)
}

function channelKey(clientId: string, id: string): string {
  return `${clientId} ${id}`
}

/** The calendar a caller means, among its own. */
export function calendarOf(world: World, email: string, id: string): GoogleCalendar {
  const account = findAccount(world, 'google', email)
  const calendar = account?.vendor === 'google' ? findCalendar(account, id) : undefined
  if (calendar === undefined) throw notFound()
  return calendar
}
