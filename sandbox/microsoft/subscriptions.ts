import type { AccessToken } from '../oauth/types.ts'
import { nowOf, type World } from '../world.ts'
import { GraphError } from './errors.ts'
import { shakeHands } from './handshake.ts'
import { armWarning, tellMissed } from './lifecycle.ts'
import { readRenewal, readSubscription, type SubscriptionWish } from './subscription-wish.ts'
import { microsoftSwitch } from './switches.ts'
import type { MicrosoftAccount, Subscription } from './types.ts'

/** Whose subscription it is: an app's, for the person it acts for. */
export type Holder = Pick<AccessToken, 'email' | 'clientId' | 'expiresAtMs'>

const betweenMs = 10 * 60_000

/** Makes a subscription once both of its addresses have proved that they listen. */
export async function subscribe(
  world: World,
  holder: Holder,
  account: MicrosoftAccount,
  body: unknown,
  immutableIds: boolean,
): Promise<Subscription> {
  const wish = readSubscription(world, account, body)
  checkRoom(world, holder, wish)
  await shakeHands(world, wish.notificationUrl)
  if (wish.lifecycleNotificationUrl !== null) await shakeHands(world, wish.lifecycleNotificationUrl)
  // Another one may have been made meanwhile.
  checkRoom(world, holder, wish)
  const subscription: Subscription = {
    ...wish,
    id: world.random.uuid(),
    email: account.email,
    creatorId: account.subject,
    clientId: holder.clientId,
    immutableIds,
    authorizedUntilMs: holder.expiresAtMs,
  }
  save(world, subscription)
  return subscription
}

function checkRoom(world: World, { email, clientId }: Holder, wish: SubscriptionWish): void {
  const live = liveSubscriptions(world).filter((one) => one.email === email)
  if (live.length >= microsoftSwitch(world.state, 'subscriptionsPerMailbox')) {
    const message =
      'Operation: Create; Exception: [Status Code: Forbidden; Reason: The subscription limit of the mailbox is reached.]'
    throw new GraphError(403, 'ExtensionError', message)
  }
  if (microsoftSwitch(world.state, 'sameSubscription') === 'allowed') return
  const key = (one: Pick<Subscription, 'resource' | 'changeTypes'>): string =>
    `${one.resource.replace(/^\//, '')} ${one.changeTypes.toSorted().join()}`
  const same = live.find((one) => one.clientId === clientId && key(one) === key(wish))
  if (same === undefined) return
  const message = `Subscription Id ${same.id} already exists for the requested combination`
  throw new GraphError(409, 'ObjectIdentifierInUse', message)
}

/** Gives a subscription a later end or another address, which has to prove that it listens. */
export async function renew(
  world: World,
  holder: Holder,
  subscription: Subscription,
  body: unknown,
): Promise<Subscription> {
  const { expiresAtMs, notificationUrl } = readRenewal(world, body)
  checkPause(world, subscription.reauthorizedAtMs)
  if (notificationUrl !== undefined) await shakeHands(world, notificationUrl)
  // It may have been deleted or renewed meanwhile.
  const renewed = {
    ...findSubscription(world, holder, subscription.id),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(notificationUrl === undefined ? {} : { notificationUrl }),
    renewedAtMs: nowOf(world),
    authorizedUntilMs: holder.expiresAtMs,
  }
  save(world, renewed)
  return tellMissed(world, renewed)
}

/** Lets a subscription go on with the token of the call. */
export function reauthorize(world: World, holder: Holder, subscription: Subscription): void {
  checkPause(world, subscription.renewedAtMs)
  const now = nowOf(world)
  const authorized = { ...subscription, reauthorizedAtMs: now, authorizedUntilMs: holder.expiresAtMs }
  save(world, authorized)
  tellMissed(world, authorized)
}

/** A renewal and a reauthorization are not to be done both within ten minutes. */
function checkPause(world: World, otherAtMs: number | undefined): void {
  if (otherAtMs === undefined || nowOf(world) - otherAtMs >= betweenMs) return
  if (microsoftSwitch(world.state, 'renewalAndReauthorization') === 'allowed') return
  const message = 'The subscription was renewed or reauthorized less than 10 minutes ago.'
  throw new GraphError(409, 'Conflict', message)
}

function save(world: World, subscription: Subscription): void {
  world.state.subscriptions.set(subscription.id, subscription)
  armWarning(world, subscription)
}

/** A caller's live subscription; another one's is as unknown as one that has ended. */
export function findSubscription(world: World, { email, clientId }: Holder, id: string): Subscription {
  const found = world.state.subscriptions.get(id)
  const isLive = found !== undefined && found.expiresAtMs > nowOf(world)
  if (isLive && found.email === email && found.clientId === clientId) return found
  throw new GraphError(
    404,
    microsoftSwitch(world.state, 'unknownSubscriptionCode'),
    'The object was not found.',
  )
}

/** Those that have not ended; an end comes silently. */
export function liveSubscriptions(world: World): Subscription[] {
  const now = nowOf(world)
  return [...world.state.subscriptions.values()].filter(({ expiresAtMs }) => expiresAtMs > now)
}
