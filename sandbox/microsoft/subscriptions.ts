import type { Subscription as GraphSubscription } from '@microsoft/microsoft-graph-types'
import { findAccount, findCalendar } from '../accounts.ts'
import { isCallbackAddress } from '../delivery.ts'
import { isObject, textOf, type JsonObject } from '../json.ts'
import type { Caller } from '../oauth/grants.ts'
import { personalTenantId, tenantOf } from '../oauth/tenants.ts'
import { nowOf, type World } from '../world.ts'
import { GraphError, invalidRequest } from './errors.ts'
import { graphTime } from './graph-time.ts'
import type { MicrosoftAccount, Subscription } from './types.ts'

const lifetimeMaxMinutes = 10_080
const lifetimeMinMinutes = 45

/** Makes a subscription once both of its addresses have proved that they listen. */
export async function subscribe(
  world: World,
  caller: Caller,
  account: MicrosoftAccount,
  body: unknown,
  immutableIds: boolean,
): Promise<Subscription> {
  if (!isObject(body)) throw invalidRequest('Empty Payload. JSON content expected.')
  const { notificationUrl, lifecycleNotificationUrl, clientState, resource } = body
  if (!isCallbackAddress(notificationUrl)) throw invalidUrl('NotificationUrl')
  if (
    lifecycleNotificationUrl !== undefined &&
    lifecycleNotificationUrl !== null &&
    !isCallbackAddress(lifecycleNotificationUrl)
  ) {
    throw invalidUrl('LifecycleNotificationUrl')
  }
  if (textOf(clientState) !== undefined && String(clientState).length > 128) {
    throw invalidRequest('Property clientState is longer than 128 characters.')
  }
  const subscription: Subscription = {
    id: world.random.uuid(),
    email: account.email,
    clientId: caller.clientId,
    calendarId: calendarOf(account, resource),
    resource: String(resource),
    changeTypes: changeTypes(body),
    notificationUrl,
    lifecycleNotificationUrl: isCallbackAddress(lifecycleNotificationUrl) ? lifecycleNotificationUrl : null,
    clientState: textOf(clientState) ?? null,
    expiresAtMs: expiry(world, body['expirationDateTime']),
    immutableIds,
  }
  await validate(world, subscription.notificationUrl)
  if (subscription.lifecycleNotificationUrl !== null)
    await validate(world, subscription.lifecycleNotificationUrl)
  world.state.subscriptions.set(subscription.id, subscription)
  return subscription
}

export async function renew(world: World, subscription: Subscription, body: unknown): Promise<Subscription> {
  const changes: JsonObject = isObject(body) ? body : {}
  const url = changes['notificationUrl']
  if (url !== undefined) {
    if (!isCallbackAddress(url)) throw invalidUrl('NotificationUrl')
    await validate(world, url)
  }
  const renewed = {
    ...subscription,
    notificationUrl: isCallbackAddress(url) ? url : subscription.notificationUrl,
    expiresAtMs:
      changes['expirationDateTime'] === undefined
        ? subscription.expiresAtMs
        : expiry(world, changes['expirationDateTime']),
  }
  world.state.subscriptions.set(renewed.id, renewed)
  return renewed
}

/** A caller's live subscription; another one's is as unknown as one that has ended. */
export function findSubscription(world: World, caller: Caller, id: string): Subscription {
  const found = world.state.subscriptions.get(id)
  const isLive = found !== undefined && found.expiresAtMs > nowOf(world)
  if (!isLive || found.email !== caller.email || found.clientId !== caller.clientId) {
    throw new GraphError(404, 'ResourceNotFound', 'The object was not found.')
  }
  return found
}

export function renderSubscription(subscription: Subscription): JsonObject {
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: subscription.clientId,
    changeType: subscription.changeTypes.join(','),
    clientState: subscription.clientState,
    notificationUrl: subscription.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    expirationDateTime: graphTime(subscription.expiresAtMs),
    creatorId: subscription.email,
    includeResourceData: null,
    latestSupportedTlsVersion: 'v1_2',
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  } satisfies GraphSubscription
}

/** The address must answer with the token it was sent, in plain text. */
async function validate(world: World, address: string): Promise<void> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${world.random.uuid()}`
  const url = new URL(address)
  url.searchParams.set('validationToken', token)
  const answer = await echo(url.href)
  if (answer === token) return
  throw new GraphError(
    400,
    'ValidationError',
    'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.',
  )
}

async function echo(address: string): Promise<string | null> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: '',
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    return response.status === 200 ? text : null
  } catch {
    return null
  }
}

/** Tells the lifecycle address of a subscription what befell it. */
export function sendLifecycle(world: World, subscription: Subscription, lifecycleEvent: string): boolean {
  const address = subscription.lifecycleNotificationUrl
  if (address === null) return false
  const account = findAccount(world, 'microsoft', subscription.email)
  const item = {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: graphTime(subscription.expiresAtMs),
    tenantId: account?.vendor === 'microsoft' ? tenantOf(account) : personalTenantId,
    clientState: subscription.clientState,
    lifecycleEvent,
  }
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  const message = {
    vendor: 'microsoft' as const,
    account: subscription.email,
    address,
    kind: lifecycleEvent,
    headers,
  }
  world.delivery.send({ ...message, body: JSON.stringify({ value: [item] }) }, isUndelivered)
  return true
}

/** Ends a subscription from Microsoft's side and says so. */
export function removeSubscription(world: World, subscription: Subscription): void {
  world.state.subscriptions.delete(subscription.id)
  sendLifecycle(world, subscription, 'subscriptionRemoved')
}

export function isUndelivered(status: number | null): boolean {
  return status === null || status < 200 || status > 299
}

function calendarOf(account: MicrosoftAccount, resource: unknown): string {
  const path = /^\/?(?:me|users\/[^/]+)\/(?:calendars\/([^/]+)\/)?(?:calendar\/)?events$/i.exec(
    String(resource),
  )
  // /me/events speaks of the default calendar only.
  const calendar = path === null ? undefined : findCalendar(account, decodeURIComponent(path[1] ?? 'primary'))
  if (calendar === undefined) throw invalidRequest(`Resource '${String(resource)}' cannot be subscribed to.`)
  return calendar.id
}

function changeTypes(body: JsonObject): string[] {
  const types = (textOf(body['changeType']) ?? '').split(',').map((type) => type.trim())
  if (types.length === 0 || types.some((type) => !['created', 'updated', 'deleted'].includes(type))) {
    throw invalidRequest('Invalid changeType. Allowed values are created, updated and deleted.')
  }
  return types
}

function expiry(world: World, value: unknown): number {
  const wished = Date.parse((textOf(value) ?? '').replace(/(\.\d{3})\d+/, '$1'))
  const now = nowOf(world)
  if (Number.isNaN(wished) || wished <= now) {
    throw invalidRequest('Subscription expiration must be a time in the future.')
  }
  if (wished > now + lifetimeMaxMinutes * 60_000) {
    throw invalidRequest(`Subscription expiration can only be ${lifetimeMaxMinutes} minutes in the future.`)
  }
  return Math.max(wished, now + lifetimeMinMinutes * 60_000)
}

function invalidUrl(name: string): GraphError {
  return invalidRequest(`${name} must be an https address.`)
}
