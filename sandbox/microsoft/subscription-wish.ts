import { findCalendar } from '../accounts.ts'
import { isCallbackAddress } from '../delivery.ts'
import { textOf, type JsonObject } from '../json.ts'
import { nowOf, type World } from '../world.ts'
import { graphAddress } from './addresses.ts'
import { GraphError, invalidRequest, notPlayed } from './errors.ts'
import { deserialise } from './odata/deserialise.ts'
import { subscriptionType } from './odata/subscription-type.ts'
import { microsoftSwitch } from './switches.ts'
import type { ChangeType, MicrosoftAccount, SubscriptionTopic } from './types.ts'

const lifetimeMinMinutes = 45
const clientStateMax = 128

/** What a subscription is to tell of. */
export interface Watched {
  topic: SubscriptionTopic
  /** The calendar whose events it is about; nothing means every calendar. */
  calendarId: string | null
}

export interface SubscriptionWish extends Watched {
  resource: string
  changeTypes: readonly ChangeType[]
  notificationUrl: string
  lifecycleNotificationUrl: string | null
  clientState: string | null
  expiresAtMs: number
  latestSupportedTlsVersion: string
}

/** Reads a wish for a subscription: https://learn.microsoft.com/graph/api/subscription-post-subscriptions */
export function readSubscription(world: World, account: MicrosoftAccount, sent: unknown): SubscriptionWish {
  const body = bodyOf(sent)
  if (body['includeResourceData'] === true || body['encryptionCertificate'])
    throw notPlayed('notifications that hold the changed resource (includeResourceData)')
  const resource = textOf(body['resource'])
  if (!resource) throw invalidSubscription("The property 'resource' is required.")
  const watched = watchedOf(world, account, resource)
  const clientState = textOf(body['clientState']) ?? null
  if (clientState !== null && clientState.length > clientStateMax)
    throw invalidSubscription(`The property 'clientState' is longer than ${clientStateMax} characters.`)
  return {
    ...watched,
    resource,
    changeTypes: changeTypesOf(body['changeType'], watched.topic),
    notificationUrl: addressOf(body, 'notificationUrl'),
    lifecycleNotificationUrl: body['lifecycleNotificationUrl']
      ? addressOf(body, 'lifecycleNotificationUrl')
      : null,
    clientState,
    expiresAtMs: expiryOf(world, body['expirationDateTime']),
    latestSupportedTlsVersion: textOf(body['latestSupportedTlsVersion']) ?? 'v1_2',
  }
}

/** Reads what a subscription is to become: only its end and its address can change. */
export function readRenewal(
  world: World,
  sent: unknown,
): { expiresAtMs: number | undefined; notificationUrl: string | undefined } {
  const body = bodyOf(sent)
  const other = Object.keys(body).find((name) => name !== 'expirationDateTime' && name !== 'notificationUrl')
  if (other !== undefined) throw invalidSubscription(`The property '${other}' cannot be updated.`)
  return {
    expiresAtMs:
      body['expirationDateTime'] === undefined ? undefined : expiryOf(world, body['expirationDateTime']),
    notificationUrl: body['notificationUrl'] === undefined ? undefined : addressOf(body, 'notificationUrl'),
  }
}

function bodyOf(sent: unknown): JsonObject {
  if (sent === undefined || sent === null) throw invalidRequest('Empty Payload. JSON content expected.')
  return deserialise(sent, subscriptionType, 'refused')
}

/** What a resource names, however it is spelt; what Graph could tell of and nobody plays here is said to be so. */
function watchedOf(world: World, account: MicrosoftAccount, resource: string): Watched {
  const address = graphAddress(`/v1.0/${resource.replace(/^\/?(?:v1\.0\/)?/, '')}`)
  const [path = '', query] = address.split('?')
  const [, , root = '', ...rest] = path.split('/')
  if (query !== undefined) throw notPlayed('subscriptions with a query')
  const own = root === 'me' ? rest : rest.slice(1)
  if (root !== 'me' && root !== 'users') throw unsupported(`Unsupported workload: '${resource}'.`)
  if (root === 'users') checkUser(account, decoded(rest[0] ?? ''))

  const [first, second, third, ...more] = own
  if (first === 'calendars' && second === undefined) return { topic: 'calendars', calendarId: null }
  const isDefault =
    (first === 'events' && second === undefined) ||
    (first === 'calendar' && second === 'events' && third === undefined)
  if (isDefault) {
    const coversAll = first === 'events' && microsoftSwitch(world.state, 'meEventsCoverage') === 'all'
    return { topic: 'events', calendarId: coversAll ? null : calendarOf(account, 'primary') }
  }
  if (first === 'calendars' && third === 'events' && more.length === 0)
    return { topic: 'events', calendarId: calendarOf(account, decoded(second ?? '')) }
  if (/^(messages|mailFolders|contacts|contactFolders|chats|onlineMeetings)$/i.test(first ?? ''))
    throw notPlayed(`subscriptions to ${first ?? ''}`)
  throw unsupported(`Resource '${resource}' not found.`)
}

function checkUser({ subject, email }: MicrosoftAccount, name: string): void {
  if (name === subject || name.toLowerCase() === email) return
  const message =
    'Operation: Create; Exception: [Status Code: Forbidden; Reason: Access is denied. Check credentials and try again.]'
  throw new GraphError(403, 'ExtensionError', message)
}

function calendarOf(account: MicrosoftAccount, id: string): string {
  const calendar = findCalendar(account, id)
  if (calendar !== undefined) return calendar.id
  throw unsupported(
    'The specified object was not found in the store., The process failed to get the correct properties.',
  )
}

function unsupported(reason: string): GraphError {
  const message = `Operation: Create; Exception: [Status Code: BadRequest; Reason: ${reason}]`
  return new GraphError(400, 'ExtensionError', message)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const allChanges: readonly ChangeType[] = ['created', 'updated', 'deleted']

function changeTypesOf(value: unknown, topic: SubscriptionTopic): ChangeType[] {
  // Graph tells of calendars that change or go, and of none that come.
  const allowed = topic === 'events' ? allChanges : allChanges.filter((type) => type !== 'created')
  const types = (textOf(value) ?? '').split(',').map((type) => type.trim().toLowerCase())
  const known = types.flatMap((type) => allowed.find((one) => one === type) ?? [])
  if (known.length === types.length) return [...new Set(known)]
  throw invalidSubscription(`Invalid 'changeType' attribute: '${textOf(value) ?? ''}'.`)
}

function addressOf(body: JsonObject, name: 'notificationUrl' | 'lifecycleNotificationUrl'): string {
  const address = body[name]
  if (isCallbackAddress(address)) return address
  throw invalidSubscription(`The '${name}' must be an https address.`)
}

function expiryOf(world: World, value: unknown): number {
  const text = textOf(value)
  if (text === undefined) throw invalidSubscription("The property 'expirationDateTime' is required.")
  const wishedMs = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'))
  const now = nowOf(world)
  if (Number.isNaN(wishedMs) || wishedMs <= now)
    throw invalidSubscription("The property 'expirationDateTime' must be a time in the future.")
  const most = microsoftSwitch(world.state, 'subscriptionMinutesMax')
  if (wishedMs > now + most * 60_000) {
    throw new GraphError(
      400,
      'ExtensionError',
      `Subscription expiration can only be ${most} minutes in the future.`,
    )
  }
  return Math.max(wishedMs, now + lifetimeMinMinutes * 60_000)
}

export function invalidSubscription(message: string): GraphError {
  return new GraphError(400, 'InvalidRequest', message)
}
