import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { answerHelp, root } from '../scripts/parts/command.ts'
import type { Endpoints } from '../scripts/parts/endpoints.ts'
import { startPart } from '../scripts/parts/process.ts'
import { secretsFor } from '../scripts/parts/secrets.ts'
import { calendarProviderId } from '../workflows/ids.ts'
import type { BareAnswers } from './support/bare-server.ts'
import { median, percentile, report, rounded } from './support/figures.ts'
import { sizesFrom } from './support/flags.ts'
import { latenciesOf, type Posted } from './support/latencies.ts'
import { measure } from './support/parts.ts'
import { connectCalendar, showProvider, startProduct, untilSeen } from './support/running-product.ts'

answerHelp(`
npm run bench -- storm [--notifications 10000] [--at-once 16] [--rounds 3]: many notifications of one calendar at once.
The whole product as "npm start" runs it, on free ports and in a folder of its own. A notification that the played vendor really
sent is sent again, so many times; beside it, in turn, the same to a bare node:http server that answers 204 and nothing else.
Counted in the provider's history: the signals that came of them, and the looks. Goals: an answer in under 50 ms at p99, and three
looks a round at most, each with the one signal that it was told by.
`)

const sizes = sizesFrom({ notifications: 10_000, 'at-once': 16, rounds: 3 })
const goalMs = 50
const goalLooks = 3
const email = 'storm@google.example'

await measure(async (dataDir) => {
  const { operatorKey } = secretsFor(dataDir, {})
  const endpoints = await startProduct(dataDir)
  const bare = await startBare(dataDir)
  const { api, providerId, token } = await connectCalendar(endpoints, operatorKey, email)
  const posted = await realNotification(endpoints, token)
  const connection = await Connection.connect({ address: endpoints.temporal.address })
  const temporal = new Client({ connection, namespace: endpoints.temporal.namespace })
  const size = { count: sizes.notifications, atOnce: sizes['at-once'] }
  const origin = new URL(endpoints.api).origin

  const took = { product: [] as number[], bare: [] as number[] }
  const rounds: { seconds: number; signals: number; looks: number }[] = []
  for (let round = 0; round < sizes.rounds; round++) {
    took.bare.push(...(await latenciesOf(bare.url, posted, size)))
    const before = await countsOf(temporal, providerId)
    const beganMs = performance.now()
    took.product.push(...(await latenciesOf(origin, posted, size)))
    const seconds = (performance.now() - beganMs) / 1_000
    const lastSyncAt = (await showProvider(api, providerId)).lastSyncAt
    await untilSeen(
      'the last look',
      async () => (await showProvider(api, providerId)).lastSyncAt !== lastSyncAt,
    )
    const after = await countsOf(temporal, providerId)
    rounds.push({ seconds, signals: after.signals - before.signals, looks: after.looks - before.looks })
  }
  await connection.close()
  await bare.part.stop()
  tell(took, rounds)
})

async function startBare(dataDir: string) {
  const file = join(dataDir, 'bare-answers.json')
  const answers: BareAnswers = { 'POST /webhooks/google': { status: 204, headers: {}, body: '' } }
  writeFileSync(file, JSON.stringify(answers))
  const part = await startPart({
    name: 'Bare',
    command: process.execPath,
    args: [join(root, 'bench', 'support', 'bare-server.ts'), file],
    dataDir,
    ours: true,
  })
  return { part, url: String((await part.ready)['url']) }
}

/** A change at the vendor, and the message that it really sent about it. */
async function realNotification(endpoints: Endpoints, token: string): Promise<Posted> {
  const answer = await fetch(`${endpoints.sandbox.google}/calendar/v3/calendars/primary/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ summary: 'Dentist', start: { date: '2030-01-01' }, end: { date: '2030-01-02' } }),
  })
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}: ${await answer.text()}`)
  const sent = async () => {
    const { items } = (await (await fetch(`${endpoints.sandbox.control}/notifications`)).json()) as {
      items: { headers: Record<string, string>; body: string; status: number | null }[]
    }
    return items.findLast(({ headers }) => headers['x-goog-resource-state'] === 'exists')
  }
  await untilSeen('a notification', async () => (await sent()) !== undefined)
  const message = await sent()
  if (!message) throw new Error('The vendor sent no notification.')
  return { path: '/webhooks/google', headers: message.headers, body: message.body }
}

/** What of the provider's history came of notifications. */
async function countsOf(temporal: Client, providerId: string): Promise<{ signals: number; looks: number }> {
  const { events } = await temporal.workflow.getHandle(calendarProviderId(providerId)).fetchHistory()
  const signals = (events ?? []).filter(
    (event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'nudged',
  )
  const looks = (events ?? []).filter(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'look',
  )
  return { signals: signals.length, looks: looks.length }
}

function tell(
  took: Record<'product' | 'bare', number[]>,
  rounds: { seconds: number; signals: number; looks: number }[],
): void {
  const told = (values: number[]) => ({
    medianMs: rounded(median(values)),
    p99Ms: rounded(percentile(values, 0.99)),
  })
  const [product, bare] = [told(took.product), told(took.bare)]
  const row = (name: string, { medianMs, p99Ms }: typeof product) => [
    name,
    String(medianMs),
    String(p99Ms),
    (p99Ms / bare.p99Ms).toFixed(2),
  ]
  for (const { seconds, signals, looks } of rounds)
    console.log(
      `${sizes.notifications} notifications in ${seconds.toFixed(1)} s: ${signals} signals, ${looks} looks`,
    )
  report(
    [`${sizes.rounds} rounds, ${sizes['at-once']} at once`, 'median ms', 'p99 ms', 'p99 of bare'],
    [row('the product answers', product), row('a bare route answers', bare)],
    {
      bench: 'storm',
      notifications: sizes.notifications,
      atOnce: sizes['at-once'],
      rounds: rounds.map((round) => ({ ...round, seconds: rounded(round.seconds) })),
      product,
      bare,
      p99OfBare: rounded(product.p99Ms / bare.p99Ms),
      goal: { p99Ms: `< ${goalMs}`, looks: `<= ${goalLooks}` },
      met: product.p99Ms < goalMs && rounds.every(({ looks }) => looks <= goalLooks),
    },
  )
}
