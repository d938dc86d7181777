import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { apiClient, type ApiClient } from '../scripts/api-client.ts'
import { giveConsent } from '../scripts/consent.ts'
import { bringUp } from '../scripts/parts/bring-up.ts'
import { answerHelp, root } from '../scripts/parts/command.ts'
import type { Endpoints } from '../scripts/parts/endpoints.ts'
import { freePort } from '../scripts/parts/ports.ts'
import { secretsFor } from '../scripts/parts/secrets.ts'
import type { Settings } from '../scripts/parts/settings.ts'
import { nudged } from '../workflows/provider-messages.ts'
import { calendarProviderId } from '../workflows/ids.ts'
import { median, percentile, report, rounded } from './support/figures.ts'
import { sizesFrom } from './support/flags.ts'
import { measure, sandboxControl } from './support/parts.ts'

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
const askEveryMs = 5
/** After this a run is over, and so is the pause that the product keeps between two looks: it is idle again. */
const idleAfterMs = 1_000
const hourMs = 3_600_000
const email = 'webhook@google.example'

await measure(async (dataDir) => {
  const operatorKey = secretsFor(dataDir, {}).operatorKey
  const endpoints = await startProduct(dataDir)
  const connected = await connectCalendar(endpoints, operatorKey)
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

/** Nothing of the caller's environment reaches it: no database, Temporal or proxy of theirs is used. */
async function startProduct(dataDir: string): Promise<Endpoints> {
  const port = await freePort()
  const settings: Settings = {
    port,
    sandboxPort: await freePort(),
    temporalPort: await freePort(),
    temporalUiPort: await freePort(),
    publicUrl: `http://127.0.0.1:${port}`,
    databaseUrl: undefined,
    temporalAddress: undefined,
    temporalNamespace: 'calendar-sync',
    sandboxUrl: undefined,
  }
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'warn' }
  const given = { dataDir, settings, secrets: secretsFor(dataDir, {}), env, programs: root }
  return bringUp({ ...given, step: (_name, work) => work() })
}

interface Connected {
  api: ApiClient
  providerId: string
  token: string
}

/** A tenant of its own with one Google calendar, connected as a person does it, and told of changes. */
async function connectCalendar(endpoints: Endpoints, operatorKey: string): Promise<Connected> {
  const sandbox = sandboxControl(endpoints.sandbox.google)
  await sandbox.makeAccount('google', email)
  const operator = apiClient(endpoints.api, operatorKey)
  const { apiKey } = await operator.post<{ apiKey: string }>('/tenants', { name: 'Webhook' })
  const api = apiClient(endpoints.api, apiKey)
  await api.put('/integrations/google', {
    clientId: 'sandbox-google.apps.googleusercontent.com',
    clientSecret: 'sandbox-google-secret',
    endpoints: 'sandbox',
  })
  const { id: memberId } = await api.post<{ id: string }>('/members', { email, name: 'Webhook' })
  const { id: providerId } = await api.post<{ id: string }>('/providers', {
    name: 'Webhook',
    vendor: 'google',
    memberId,
  })
  const { authorizeUrl } = await api.post<{ authorizeUrl: string }>(`/providers/${providerId}/authorize`)
  const { connected, page } = await giveConsent(authorizeUrl, email)
  if (!connected) throw new Error(`The calendar could not be connected: ${page}`)
  await untilSeen('a first sync and a subscription', async () => {
    const { lastSyncAt, subscription } = await showProvider(api, providerId)
    return lastSyncAt !== null && subscription?.state === 'active'
  })
  return { api, providerId, token: await sandbox.token('google', email) }
}

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

interface ShownProvider {
  lastSyncAt: string | null
  subscription: { state: string } | null
}

function showProvider(api: ApiClient, id: string): Promise<ShownProvider> {
  return api.get<ShownProvider>(`/providers/${id}`)
}

async function untilSeen(what: string, isSeen: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 30_000
  while (!(await isSeen())) {
    if (performance.now() > deadlineMs) throw new Error(`Not seen within 30 s: ${what}.`)
    await pause(askEveryMs)
  }
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
