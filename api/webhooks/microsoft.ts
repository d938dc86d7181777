import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Subscription } from '../../db/subscriptions.ts'
import type { ApiDeps } from '../dependencies.ts'
import { countWebhook } from '../metrics.ts'
import { Problem } from '../problem.ts'
import { refusal } from './google.ts'
import { notify, notifyLifecycle } from './notify.ts'
import { verify } from './verify.ts'

/** https://learn.microsoft.com/graph/change-notifications-delivery-webhooks: many items, maybe of many subscriptions. */
const Notifications = Type.Object({
  value: Type.Array(
    Type.Object({
      subscriptionId: Type.String({ maxLength: 200 }),
      clientState: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      lifecycleEvent: Type.Optional(Type.String()),
    }),
    { maxItems: 1000 },
  ),
})
type Item = Static<typeof Notifications>['value'][number]
const notifications = Compile(Notifications)

/** Every item is checked by its own secret; each subscription that is ours is told once. */
export async function answerMicrosoft(
  deps: ApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const items = readItems(request.body)
  const subscriptions = new Map<string, { subscription: Subscription; lifecycle: Set<string> }>()
  let refused: 'unknown' | 'forged' = 'unknown'
  for (const item of distinct(items)) {
    const verdict = await verify(deps, 'microsoft', {
      externalId: item.subscriptionId,
      secret: item.clientState ?? undefined,
    })
    countWebhook('microsoft', verdict.kind === 'ours' ? 'accepted' : verdict.kind)
    if (verdict.kind !== 'ours') {
      refused = verdict.kind
      continue
    }
    const { subscription } = verdict
    const lifecycle = subscriptions.get(subscription.id)?.lifecycle ?? new Set()
    if (item.lifecycleEvent !== undefined) lifecycle.add(item.lifecycleEvent)
    subscriptions.set(subscription.id, { subscription, lifecycle })
  }
  if (subscriptions.size === 0) throw refusal(refused)
  for (const { subscription, lifecycle } of subscriptions.values()) {
    if (lifecycle.size > 0) await notifyLifecycle(deps, subscription, lifecycle)
    await notify(deps, subscription, request)
  }
  return reply.status(202).send()
}

function readItems(body: unknown): Item[] {
  const parsed = parse(body)
  if (notifications.Check(parsed) && parsed.value.length > 0) return parsed.value
  throw new Problem(
    400,
    'invalid-notification',
    'Not a notification',
    'Send JSON like {"value":[{"subscriptionId":…,"clientState":…}]}.',
  )
}

function parse(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : '')
  } catch {
    return undefined
  }
}

/** A burst names the same subscription many times: one check answers for all that say the same. */
const distinct = (items: Item[]): Item[] => [
  ...new Map(
    items.map((item) => [JSON.stringify([item.subscriptionId, item.clientState, item.lifecycleEvent]), item]),
  ).values(),
]
