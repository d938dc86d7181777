import type { JsonObject } from '../json.ts'
import { tenantOf } from '../oauth/tenants.ts'
import { nowOf, type World } from '../world.ts'
import { graphTime } from './graph-time.ts'
import { eventId } from './ids.ts'
import { etagOf } from './render.ts'
import { isUndelivered } from './subscriptions.ts'
import type { MicrosoftAccount, MicrosoftEvent, Subscription } from './types.ts'

type ChangeType = 'created' | 'updated' | 'deleted'

interface ChangeItem extends JsonObject {
  subscriptionId: string
}

/** Items that wait to go out together, by address. */
const waiting = new WeakMap<World, Map<string, ChangeItem[]>>()

/** Tells the subscribers of a calendar about a change, a few milliseconds later and several changes at once. */
export function announceChange(
  world: World,
  account: MicrosoftAccount,
  calendarId: string,
  changeType: ChangeType,
  event: MicrosoftEvent,
): void {
  for (const subscription of world.state.subscriptions.values()) {
    const isMeant = subscription.email === account.email && subscription.calendarId === calendarId
    if (!isMeant || !subscription.changeTypes.includes(changeType)) continue
    if (subscription.expiresAtMs <= nowOf(world)) world.state.subscriptions.delete(subscription.id)
    else enqueue(world, subscription, item(account, subscription, changeType, event))
  }
}

function enqueue(world: World, subscription: Subscription, change: ChangeItem): void {
  const { email: account, notificationUrl: address } = subscription
  const queues = waiting.get(world) ?? new Map<string, ChangeItem[]>()
  waiting.set(world, queues)
  const key = `${account} ${address}`
  queues.set(key, [...(queues.get(key) ?? []), change])
  world.delivery.soon(`microsoft ${key}`, () => {
    // A subscription may have ended since, by its owner or by a reset.
    const value = (queues.get(key) ?? []).filter((change) =>
      world.state.subscriptions.has(change.subscriptionId),
    )
    queues.delete(key)
    if (value.length === 0) return
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    const body = JSON.stringify({ value })
    world.delivery.send(
      { vendor: 'microsoft', account, address, kind: 'change', headers, body },
      isUndelivered,
    )
  })
}

function item(
  account: MicrosoftAccount,
  subscription: Subscription,
  changeType: ChangeType,
  event: MicrosoftEvent,
): ChangeItem {
  const id = eventId(event.core, subscription.immutableIds)
  const resource = `Users/${account.subject}/Events/${id}`
  return {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: graphTime(subscription.expiresAtMs),
    clientState: subscription.clientState,
    changeType,
    resource,
    tenantId: tenantOf(account),
    resourceData: {
      '@odata.type': '#Microsoft.Graph.Event',
      '@odata.id': resource,
      '@odata.etag': etagOf(event.changeKey),
      id,
    },
  }
}
