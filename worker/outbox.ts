import type { Client } from '@temporalio/client'
import type { Database } from '../db/connection.ts'
import { sequence, unsequencedTenants } from '../db/sequence.ts'
import { overdueEndpoints } from '../db/webhook-deliveries.ts'
import type { deliverEvents, EndpointIdentity } from '../workflows/deliver-events.ts'
import { wakeOptions } from '../workflows/endpoint-start.ts'

const tenantsMax = 100
const eventsMax = 1_000
/** A tenant with more than that at once goes on with the next pass, so that others have their turn. */
const batchesMax = 5

/** Gives what was committed its positions and wakes the endpoints that have something new. Workers that do it at once do no harm. */
export async function sequenceEvents(client: Client, database: Database, now: Date): Promise<number> {
  let total = 0
  for (const tenantId of await database.system((db) => unsequencedTenants(db, tenantsMax))) {
    const woken = new Set<string>()
    for (let batch = 0; batch < batchesMax; batch++) {
      const { sequenced, endpointIds } = await database.tenant(tenantId, (db) =>
        sequence(db, tenantId, now, eventsMax),
      )
      total += sequenced
      for (const id of endpointIds) woken.add(id)
      if (sequenced < eventsMax) break
    }
    for (const endpointId of woken) await wake(client, { tenantId, endpointId })
  }
  return total
}

const overdueMs = 30_000
const endpointsMax = 1_000

/** Wakes who should have been: a signal was lost, or a workflow is missing. Answers how many. */
export async function wakeOverdue(client: Client, database: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - overdueMs)
  const overdue = await database.system((db) => overdueEndpoints(db, before, endpointsMax))
  for (const { id, tenantId } of overdue) await wake(client, { tenantId, endpointId: id })
  return overdue.length
}

/** Positions are given while Temporal is away, too. */
const patienceMs = 3_000

async function wake(client: Client, endpoint: EndpointIdentity): Promise<void> {
  // One that cannot be woken now is overdue soon.
  await client
    .withDeadline(Date.now() + patienceMs, () =>
      client.workflow.signalWithStart<typeof deliverEvents>('deliverEvents', wakeOptions(endpoint)),
    )
    .catch(() => {})
}
