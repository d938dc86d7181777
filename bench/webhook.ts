import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { answerHelp } from '../scripts/parts/command.ts'
import type { Endpoints } from '../scripts/parts/endpoints.ts'
import { secretsFor } from '../scripts/parts/secrets.ts'
import { nudged } from '../workflows/provider-messages.ts'
import { calendarProviderId } from '../workflows/ids.ts'
import { median, percentile, report, rounded } from './support/figures.ts'
import { sizesFrom } from './support/flags.ts'
import { measure } from './support/parts.ts'
import {
  connectCalendar,
  showProvider,
  startProduct,
  untilSeen,
  type Connected,
} from './support/running-product.ts'

answerHelp(`
npm run bench -- webhook [--rounds 50]: how soon a change at the vendor is seen in the schedule.
The whole product as "npm start" runs it, idle, on free ports and in a folder of its own. In each round a person adds an event
to a played Google calendar, the vendor notifies, and the entry is asked for through the API every 5 ms until it is there.
Beside it, in turn: a bare nudge, signalled straight to the same Temporal, until the look that it causes has moved Last Sync.
Goal: a median under 500 ms.
`)

const { rounds } = sizesFrom({ rounds: 50 })
const warmUp = 5
const goalMs = 500
/** After this a run is over, and so is the pause that the product keeps between two looks: it is idle again. */
const idleAfterMs = 1_000
const hourMs = 3_600_000
const email = 'webhook@google.example'

await measure(async (dataDir) => {
  const operatorKey = secretsFor(dataDir, {}).operatorKey
  const endpoints = await startProduct(dataDir)
  const connected = await connectCalendar(endpoints, operatorKey, email)
  const connection = await Connection.connect({ address: endpoints.temporal.address })
  const temporal = new Client({ connection, namespace: endpoints.temporal.namespace })

  const firstHour = Math.ceil(Date.now() / hourMs) + 24
  const took: Record<'webhook' | 'nudge', number[]> = { webhook: [], nudge: [] }
  for (let round = 0; round < warmUp + rounds; round++) {
    await pause(idleAfterMs)
    const nudgeMs = await nudgeOnce(temporal, connected)
    await pause(idleAfterMs)
    const webhookMs = await webhookOnce(endpoints, connected, (firstHour + round) * hourMs)
    if (round < warmUp) continue
    took.nudge.push(nudgeMs)
    took.webhook.push(webhookMs)
  }
  await connection.close()
  tell(took)
})

/** From the moment a person adds an event until the application sees it. */
async function webhookOnce(endpoints: Endpoints, { api, token }: Connected, atMs: number): Promise<number> {
  const [from, to] = [new Date(atMs).toISOString(), new Date(atMs + hourMs).toISOString()]
  const startedMs = performance.now()
  const answer = await fetch(`${endpoints.sandbox.google}/calendar/v3/calendars/primary/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ summary: 'Dentist', start: { dateTime: from }, end: { dateTime: to } }),
  })
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}: ${await answer.text()}`)
  await untilSeen('the entry', async () => {
    const { items } = await api.get<{ items: object[] }>(`/entries?from=${from}&to=${to}`)
    return items.length > 0
  })
  return performance.now() - startedMs
}

/** From the signal until the look that it causes is stored: what Temporal, a worker and the vendor's answer take by themselves. */
async function nudgeOnce(temporal: Client, { api, providerId }: Connected): Promise<number> {
  const before = (await showProvider(api, providerId)).lastSyncAt
  const startedMs = performance.now()
  await temporal.workflow.getHandle(calendarProviderId(providerId)).signal(nudged)
  await untilSeen('the look', async () => (await showProvider(api, providerId)).lastSyncAt !== before)
  return performance.now() - startedMs
}

function tell(took: Record<'webhook' | 'nudge', number[]>): void {
  const told = (values: number[]) => ({ medianMs: median(values), p90Ms: percentile(values, 0.9) })
  const [webhook, nudge] = [told(took.webhook), told(took.nudge)]
  const row = (name: string, { medianMs, p90Ms }: typeof webhook) => [
    name,
    medianMs.toFixed(0),
    p90Ms.toFixed(0),
    (medianMs / nudge.medianMs).toFixed(2),
  ]
  report(
    [`${rounds} rounds`, 'median ms', 'p90 ms', 'of bare nudge'],
    [row('added at the vendor → entry in the API', webhook), row('bare nudge → look done', nudge)],
    {
      bench: 'webhook',
      rounds,
      webhook: { medianMs: rounded(webhook.medianMs), p90Ms: rounded(webhook.p90Ms) },
      bareNudge: { medianMs: rounded(nudge.medianMs), p90Ms: rounded(nudge.p90Ms) },
      webhookOfBareNudge: rounded(webhook.medianMs / nudge.medianMs),
      goal: { webhookMedianMs: `< ${goalMs}` },
      met: webhook.medianMs < goalMs,
    },
  )
}
