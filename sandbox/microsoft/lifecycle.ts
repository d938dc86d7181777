import { findAccount } from '../accounts.ts'
import { personalTenantId, tenantOf } from '../oauth/tenants.ts'
import { nowOf, type World } from '../world.ts'
import { post } from './postman.ts'
import { offsetTime } from './graph-time.ts'
import { microsoftSwitch } from './switches.ts'
import type { Subscription } from './types.ts'

export const lifecycleEvents = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const
export type LifecycleEvent = (typeof lifecycleEvents)[number]

/** So long before a token's end Graph asks for another one. */
const warningMs = 15 * 60_000

/** Tells the lifecycle address of a subscription, if it has one, what befell it. */
export function sendLifecycle(
  world: World,
  subscription: Subscription,
  lifecycleEvent: LifecycleEvent,
): boolean {
  const address = subscription.lifecycleNotificationUrl
  if (address === null) return false
  const account = findAccount(world, 'microsoft', subscription.email)
  const item = {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: offsetTime(subscription.expiresAtMs),
    tenantId: account?.vendor === 'microsoft' ? tenantOf(account) : personalTenantId,
    clientState: subscription.clientState,
    lifecycleEvent,
  }
  post(world, { account: subscription.email, address, kind: lifecycleEvent, items: [item] }, () => {})
  return true
}

/** Ends a subscription from Microsoft's side and says so. */
export function removeSubscription(world: World, subscription: Subscription): void {
  world.state.subscriptions.delete(subscription.id)
  sendLifecycle(world, subscription, 'subscriptionRemoved')
}

/** Ends the subscriptions of an app for a person, or of every app, when what they rest on is taken back. */
export function removeSubscriptionsOf(world: World, email: string, clientId: string | null): void {
  for (const subscription of world.state.subscriptions.values()) {
    const isMeant = subscription.email === email && (clientId === null || subscription.clientId === clientId)
    if (isMeant && subscription.expiresAtMs > nowOf(world)) removeSubscription(world, subscription)
  }
}

/** Says whether a subscription's token still lives; when it does not, changes are not told. */
export function isAuthorized(world: World, { authorizedUntilMs }: Subscription): boolean {
  return (
    authorizedUntilMs === undefined ||
    authorizedUntilMs > nowOf(world) ||
    microsoftSwitch(world.state, 'subscriptionAuthorization') === 'lasting'
  )
}

/** Sees to it that a new token is asked for before the one a subscription has ends. */
export function armWarning(world: World, { id, authorizedUntilMs }: Subscription): void {
  if (authorizedUntilMs === undefined) return
  const dueInMs = authorizedUntilMs - warningMs - nowOf(world)
  if (authorizedUntilMs <= nowOf(world)) return
  world.clock.after(Math.max(dueInMs, 0), () => {
    const now = world.state.subscriptions.get(id)
    const isDue = now?.authorizedUntilMs === authorizedUntilMs && now.expiresAtMs > nowOf(world)
    const ends = microsoftSwitch(world.state, 'subscriptionAuthorization') === 'token'
    if (isDue && ends) sendLifecycle(world, now, 'reauthorizationRequired')
  })
}

/** Arms the warnings of all subscriptions, after a start or when another state was put in the place of the old one. */
export function armWarnings(world: World): void {
  for (const subscription of world.state.subscriptions.values()) {
    const dueAtMs = (subscription.authorizedUntilMs ?? 0) - warningMs
    if (dueAtMs > nowOf(world)) armWarning(world, subscription)
  }
}

/** Notes that a change was not told. */
export function noteMissed(world: World, id: string): void {
  const subscription = world.state.subscriptions.get(id)
  if (subscription !== undefined && subscription.hasMissed !== true)
    world.state.subscriptions.set(id, { ...subscription, hasMissed: true })
}

/** Says that changes were missed, once the subscription works again. */
export function tellMissed(world: World, subscription: Subscription): Subscription {
  const now = world.state.subscriptions.get(subscription.id)
  if (now?.hasMissed !== true) return subscription
  const told = { ...now, hasMissed: false }
  world.state.subscriptions.set(told.id, told)
  sendLifecycle(world, told, 'missed')
  return told
}
