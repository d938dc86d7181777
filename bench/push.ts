import { randomUUID } from 'node:crypto'
import { insertEntries } from '../db/entry-writes.ts'
import { markEntriesPending } from '../db/pending.ts'
import type { Provider } from '../db/providers.ts'
import type { Vendor } from '../domain/event.ts'
import { timedFromInstants } from '../domain/time.ts'
import { answerHelp } from '../scripts/parts/command.ts'
import { startPostgres } from '../scripts/parts/postgres.ts'
import { barePush, isWrite, spanAt } from './support/bare-push.ts'
import { databases, type BenchDatabase } from './support/database.ts'
import { median, report, rounded, timedMs } from './support/figures.ts'
import { sizesFrom } from './support/flags.ts'
import { measure, sandboxProcess, type SandboxControl } from './support/parts.ts'
import { connectProvider, productOn, run, type Product } from './support/provider.ts'

answerHelp(`
npm run bench -- push [--entries 1000] [--rounds 3] [--latency 40]: how fast new entries reach a calendar.
The product: one run that decides and writes so many entries to an empty calendar of each vendor, played in another process.
Beside it, in turn, a bare loop of the same creates, one after the other, since vendors take writes to one calendar one at a
time. Every answer takes so many milliseconds more than the played vendor needs, as it would over a network. Told as well: the
rate that the vendors' limits permit (Google 600 calls a minute and person, Graph 10,000 in ten minutes and mailbox), and how
much of it the product reaches. Goals: at least 0.8 of the bare loop and of what is permitted.
`)

const { entries, rounds, latency } = sizesFrom({ entries: 1_000, rounds: 3, latency: 40 })
const goal = 0.8
const permittedASecond: Record<Vendor, number> = { google: 600 / 60, microsoft: 10_000 / 600 }

await measure(async (dataDir) => {
  const [postgres, sandbox] = await Promise.all([startPostgres({ dataDir }), sandboxProcess(dataDir)])
  await sandbox.setSwitches({ 'microsoft.requestsPerMailbox': 0 })
  const templates = await databases(postgres.url)
  const found: Found[] = []
  for (const vendor of ['google', 'microsoft'] as const) {
    const oursMs: number[] = []
    const bareMs: number[] = []
    let calls = 0
    for (let round = 0; round <= rounds; round++) {
      // A short round first, for both to warm up.
      const task: Task = { vendor, round, count: round === 0 ? Math.min(entries, 50) : entries }
      const fresh = await templates.fresh()
      const ours = await oursOnce(fresh, sandbox, task)
      const bare = await bareOnce(sandbox, task)
      await fresh.drop()
      calls = ours.calls
      if (round === 0) continue
      oursMs.push(ours.tookMs)
      bareMs.push(bare)
    }
    found.push({ vendor, calls, oursMs: median(oursMs), bareMs: median(bareMs) })
  }
  await templates.close()
  tell(found)
})

interface Task {
  vendor: Vendor
  round: number
  /** How many entries are pushed. */
  count: number
}

interface Found {
  vendor: Vendor
  oursMs: number
  bareMs: number
  /** What the product asked in a round, the looks of the run among it. */
  calls: number
}

async function oursOnce(
  fresh: BenchDatabase,
  sandbox: SandboxControl,
  { vendor, round, count }: Task,
): Promise<{ tookMs: number; calls: number }> {
  const email = `ours-${round}@${vendor}.example`
  const product = productOn(fresh.database)
  await sandbox.makeAccount(vendor, email)
  const provider = await connectProvider(product, sandbox, vendor, email)
  await run(product, provider)
  await makeEntries(product, provider, count)
  await sandbox.forgetRequests()
  const tookMs = await sandbox.withLatency(latency, () => timedMs(() => run(product, provider)))
  const requests = await sandbox.requests(vendor, email)
  const [held] = await fresh.owner<{ total: number }[]>`
    select count(*)::int as total from mappings where state = 'active' and external_id is not null`
  if (held?.total !== count || requests.filter(isWrite).length !== count)
    throw new Error(`${held?.total} of ${count} entries are held after ${requests.length} calls.`)
  return { tookMs, calls: requests.length }
}

async function bareOnce(sandbox: SandboxControl, { vendor, round, count }: Task): Promise<number> {
  const email = `bare-${round}@${vendor}.example`
  await sandbox.makeAccount(vendor, email)
  return sandbox.withLatency(latency, () => timedMs(() => barePush(sandbox, vendor, email, count)))
}

async function makeEntries(
  { deps }: Product,
  { tenantId, memberId }: Provider,
  count: number,
): Promise<void> {
  const made = Array.from({ length: count }, (_, index) => {
    const { startsAt, endsAt } = spanAt(index)
    return {
      id: randomUUID(),
      tenantId,
      externalRef: null,
      content: {
        title: `Visit ${index}`,
        body: 'Bring the papers.',
        location: 'Hall 2',
        time: timedFromInstants(startsAt, endsAt, 'Europe/Berlin'),
        showAs: 'busy' as const,
        visibility: 'default' as const,
        recurrence: null,
      },
      status: 'scheduled',
      ownerId: null,
      icalUid: null,
      assignees: [memberId],
    }
  })
  const ids = made.map(({ id }) => id)
  await deps.database.tenant(tenantId, async (db) => {
    await insertEntries(db, made, { kind: 'api-key', id: randomUUID() }, deps.now())
    await markEntriesPending(db, tenantId, ids, null)
  })
}

function tell(found: Found[]): void {
  const figures = found.map(({ vendor, oursMs, bareMs, calls }) => {
    const callsASecond = calls / (oursMs / 1000)
    return {
      vendor,
      oursMs: rounded(oursMs),
      bareMs: rounded(bareMs),
      ofBare: rounded(bareMs / oursMs),
      calls,
      callsASecond: rounded(callsASecond),
      permittedASecond: rounded(permittedASecond[vendor]),
      ofPermitted: rounded(Math.min(1, callsASecond / permittedASecond[vendor]) * (entries / calls)),
    }
  })
  report(
    [
      `${entries} entries, ${latency} ms a call`,
      'ours, ms',
      'bare loop, ms',
      'of bare',
      'calls',
      'calls/s',
      'permitted/s',
      'of permitted',
    ],
    figures.map(({ vendor, ...one }) => [vendor, ...Object.values(one).map(String)]),
    {
      bench: 'push',
      entries,
      rounds,
      latencyMs: latency,
      ...Object.fromEntries(figures.map(({ vendor, ...one }) => [vendor, one])),
      goal: { ofBare: `>= ${goal}`, ofPermitted: `>= ${goal}` },
      met: figures.every(({ ofBare, ofPermitted }) => ofBare >= goal && ofPermitted >= goal),
    },
  )
}
