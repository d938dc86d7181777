import type { Db } from '../db/connection.ts'
import { KeyMismatch } from '../db/envelope.ts'
import {
  claimDeliveries,
  endDelivered,
  giveUpSince,
  insertAttempt,
  nextDueAt,
  noteFailed,
  type ClaimedDelivery,
} from '../db/webhook-deliveries.ts'
import {
  findEndpoint,
  lockEndpoint,
  updateEndpoint,
  wellHealth,
  type WebhookEndpoint,
} from '../db/webhook-endpoints.ts'
import { afterFailedAttempt, givenUpAfterMs, restMs, takesNothing } from '../domain/deliveries.ts'
import { callReceiver, type Answered } from './call-receiver.ts'
import type { ActivityDeps } from './deps.ts'
import { signedEvent } from './signed-event.ts'

export interface EndpointStep {
  tenantId: string
  endpointId: string
}

/** `gone`: there is no such endpoint any more. `waits`: nothing can be sent before then, or before something happens. */
export type Delivered = { kind: 'gone' } | { kind: 'more' } | { kind: 'waits'; waitMs: number | null }

/** Events of different entries are sent beside each other. */
const atOnce = 10
const patienceMs = 10_000
/** Whoever has not noted its call by then is dead: the event is sent again. */
const claimMs = patienceMs + 15_000
const leastWaitMs = 250

/**
 * Sends an endpoint what is due, some of it. An event is claimed before the call and noted after it: of one whose sender died in between,
 * nobody knows whether it arrived, and it is sent again under the same id. Events of one entry are sent one after the other; the
 * next one only when the one before was taken or given up.
 */
export async function deliverDue(deps: ActivityDeps, step: EndpointStep): Promise<Delivered> {
  const startedAt = deps.now().getTime()
  while (deps.now().getTime() - startedAt < deps.budgetMs) {
    deps.heartbeat()
    const next = await deps.database.tenant(step.tenantId, (db) => takeDue(db, deps, step.endpointId))
    if (next.kind !== 'claimed') return next
    await Promise.all(next.claimed.map((one) => deliver(deps, next.endpoint, one)))
  }
  return { kind: 'more' }
}

type Due = { kind: 'claimed'; endpoint: WebhookEndpoint; claimed: ClaimedDelivery[] } | Delivered

async function takeDue(db: Db, deps: ActivityDeps, endpointId: string): Promise<Due> {
  const endpoint = await findEndpoint(db, endpointId)
  if (!endpoint) return { kind: 'gone' }
  if (!endpoint.enabled) return { kind: 'waits', waitMs: null }
  const now = deps.now()
  const waitFor = (until: Date): Due => ({
    kind: 'waits',
    waitMs: Math.max(until.getTime() - now.getTime(), leastWaitMs),
  })
  if (endpoint.restsUntil && endpoint.restsUntil > now) return waitFor(endpoint.restsUntil)
  const limit = takesNothing(endpoint.failures) ? 1 : atOnce
  const until = new Date(now.getTime() + claimMs)
  const claimed = await claimDeliveries(db, endpointId, { now, until, limit })
  if (claimed.length > 0) return { kind: 'claimed', endpoint, claimed }
  const due = await nextDueAt(db, endpointId)
  return due ? waitFor(due) : { kind: 'waits', waitMs: null }
}

async function deliver(deps: ActivityDeps, endpoint: WebhookEndpoint, one: ClaimedDelivery): Promise<void> {
  const at = deps.now()
  const started = performance.now()
  const answered = await send(deps, endpoint, one)
  const durationMs = Math.round(performance.now() - started)
  await deps.database.tenant(endpoint.tenantId, async (db) => {
    // Held, so that two calls that end at once are counted one after the other. Of a deleted endpoint nothing is kept.
    const current = await lockEndpoint(db, endpoint.id)
    if (!current) return
    const { delivery } = one
    await insertAttempt(db, {
      id: deps.newId(),
      tenantId: endpoint.tenantId,
      endpointId: endpoint.id,
      eventId: delivery.eventId,
      attempt: delivery.attempts,
      at,
      durationMs,
      ...answered,
    })
    if (isTaken(answered)) {
      await endDelivered(db, delivery, deps.now())
      if (current.failures > 0) await updateEndpoint(db, endpoint.id, wellHealth)
    } else await noteRefusal(db, deps, current, one, answered)
  })
}

async function send(
  deps: ActivityDeps,
  endpoint: WebhookEndpoint,
  { event }: ClaimedDelivery,
): Promise<Answered> {
  try {
    const signed = signedEvent(deps.envelope, endpoint, event, deps.now())
    return await callReceiver({
      url: endpoint.url,
      ...signed,
      patienceMs,
      rules: { networks: deps.webhookNetworks },
    })
  } catch (error) {
    if (!(error instanceof KeyMismatch)) throw error
    return { status: null, error: 'key-mismatch' }
  }
}

const isTaken = ({ status }: Answered): boolean => status !== null && status >= 200 && status < 300
/** https://www.rfc-editor.org/rfc/rfc9110#status.410: nothing is to be sent there any more. */
const isGone = ({ status }: Answered): boolean => status === 410

async function noteRefusal(
  db: Db,
  deps: ActivityDeps,
  endpoint: WebhookEndpoint,
  { delivery }: ClaimedDelivery,
  answered: Answered,
): Promise<void> {
  const now = deps.now()
  const after = isGone(answered)
    ? ({ state: 'given-up' } as const)
    : afterFailedAttempt(delivery, now, deps.chance())
  await noteFailed(db, delivery, {
    state: after.state,
    nextAttemptAt: after.state === 'waiting' ? after.nextAttemptAt : delivery.nextAttemptAt,
    endedAt: after.state === 'waiting' ? null : now,
  })
  const failures = endpoint.failures + 1
  const failingSince = endpoint.failingSince ?? now
  const rest = restMs(failures)
  await updateEndpoint(db, endpoint.id, {
    failures,
    failingSince,
    restsUntil: rest > 0 ? new Date(now.getTime() + rest) : null,
    ...(isGone(answered) && { enabled: false, disabledReason: 'It answered 410: it is gone.' }),
  })
  // Where nothing was taken for as long as an event is kept, each would have to be tried in vain before it is given up.
  const limit = new Date(now.getTime() - givenUpAfterMs)
  if (failingSince <= limit) await giveUpSince(db, endpoint.id, limit, now)
}
