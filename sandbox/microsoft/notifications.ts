import type { JsonObject } from '../json.ts'
import { tenantOf } from '../oauth/tenants.ts'
import { nowOf, type World } from '../world.ts'
import { offsetTime } from './graph-time.ts'
import { eventId } from './ids.ts'
import { isAuthorized, noteMissed, tellMissed } from './lifecycle.ts'
import { deafUntil, post } from './postman.ts'
import { etagOf } from './render.ts'
import { liveSubscriptions } from './subscriptions.ts'
import { microsoftSwitch } from './switches.ts'
import type {
  ChangeType,
  MicrosoftAccount,
  MicrosoftCalendar,
  MicrosoftEvent,
  Subscription,
  SubscriptionTopic,
} from './types.ts'

interface ChangeItem extends JsonObject {
  subscriptionId: string
}

/** So many items go into one message at most. */
const itemsMax = 100

/** Items that wait to go out together, by whom they are for. */
const waiting = new WeakMap<World, Map<string, { account: string; address: string; items: ChangeItem[] }>>()

/** Tells the subscribers of a calendar's events about a change, a few milliseconds later and several changes at once. */
export function announceChange(
  world: World,
  account: MicrosoftAccount,
  calendarId: string,
  changeType: ChangeType,
  event: MicrosoftEvent,
): void {
  const isMeant = (one: Subscription): boolean => one.calendarId === null || one.calendarId === calendarId
  const told: ChangeType[] =
    changeType === 'created' && microsoftSwitch(world.state, 'createdNotification') === 'createdAndUpdated'
      ? ['created', 'updated']
      : [changeType]
  for (const type of told) {
    announce(world, account, 'events', type, isMeant, ({ immutableIds }) => ({
      type: 'Event',
      path: `Events/${eventId(event.core, immutableIds)}`,
      etag: etagOf(event.changeKey),
      id: eventId(event.core, immutableIds),
    }))
  }
}

/** Tells the subscribers of a mailbox's calendars that one of them changed or went. */
export function announceCalendar(
  world: World,
  account: MicrosoftAccount,
  changeType: ChangeType,
  { id, changeKey = '' }: MicrosoftCalendar,
): void {
  const shown = { type: 'Calendar', path: `Calendars/${id}`, etag: etagOf(changeKey), id }
  announce(
    world,
    account,
    'calendars',
    changeType,
    () => true,
    () => shown,
  )
}

interface Shown {
  type: string
  path: string
  etag: string
  id: string
}

function announce(
  world: World,
  account: MicrosoftAccount,
  topic: SubscriptionTopic,
  changeType: ChangeType,
  isMeant: (subscription: Subscription) => boolean,
  show: (subscription: Subscription) => Shown,
): void {
  for (const subscription of liveSubscriptions(world)) {
    const { topic: own = 'events', email, changeTypes } = subscription
    if (email !== account.email || own !== topic || !changeTypes.includes(changeType)) continue
    if (!isMeant(subscription)) continue
    if (isAuthorized(world, subscription))
      enqueue(world, subscription, item(account, subscription, changeType, show(subscription)))
    else noteMissed(world, subscription.id)
  }
}

function item(
  account: MicrosoftAccount,
  subscription: Subscription,
  changeType: ChangeType,
  { type, path, etag, id }: Shown,
): ChangeItem {
  const resource = `Users/${account.subject}/${path}`
  return {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: offsetTime(subscription.expiresAtMs),
    clientState: subscription.clientState,
    changeType,
    resource,
    tenantId: tenantOf(account),
    resourceData: {
      '@odata.type': `#Microsoft.Graph.${type}`,
      '@odata.id': resource,
      '@odata.etag': etag,
      id,
    },
  }
}

/** What is for one address goes out together, whichever subscriptions it is of. */
function enqueue(
  world: World,
  { email: account, notificationUrl: address }: Subscription,
  one: ChangeItem,
): void {
  const queues =
    waiting.get(world) ?? new Map<string, { account: string; address: string; items: ChangeItem[] }>()
  waiting.set(world, queues)
  const isOfAll = microsoftSwitch(world.state, 'notificationBatches') === 'address'
  const key = isOfAll ? address : `${account} ${address}`
  const queue = queues.get(key) ?? { account, address, items: [] }
  queue.items.push(one)
  queues.set(key, queue)
  world.delivery.soon(`microsoft ${key}`, () => {
    queues.delete(key)
    // A subscription may have ended since, by its owner or by a reset.
    const items = queue.items.filter(({ subscriptionId }) => world.state.subscriptions.has(subscriptionId))
    for (let from = 0; from < items.length; from += itemsMax)
      deliver(world, account, address, items.slice(from, from + itemsMax))
  })
}

function deliver(world: World, account: string, address: string, items: ChangeItem[]): void {
  const ids = new Set(items.map(({ subscriptionId }) => subscriptionId))
  post(world, { account, address, kind: 'change', items }, () => {
    for (const id of ids) noteMissed(world, id)
    // That something was missed is said as soon as anything is said again.
    const waitMs = Math.max((deafUntil(world, address) ?? 0) - nowOf(world), 0)
    world.clock.after(waitMs, () => {
      for (const id of ids) {
        const subscription = world.state.subscriptions.get(id)
        if (subscription !== undefined) tellMissed(world, subscription)
      }
    })
  })
}
