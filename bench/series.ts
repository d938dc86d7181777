import { listOccurrences } from '../api/occurrence-list.ts'
import type { Provider } from '../db/providers.ts'
import type { Vendor } from '../domain/event.ts'
import { timedFromWall } from '../domain/time.ts'
import { answerHelp } from '../scripts/parts/command.ts'
import { startPostgres } from '../scripts/parts/postgres.ts'
import { databases, type BenchDatabase } from './support/database.ts'
import { median, report, rounded, timedMs } from './support/figures.ts'
import { sizesFrom } from './support/flags.ts'
import { dayMs, longSeries, renameOccurrence } from './support/long-series.ts'
import { measure, sandboxProcess, type SandboxControl } from './support/parts.ts'
import { connectProvider, productOn, run, type Product } from './support/provider.ts'

answerHelp(`
npm run bench -- series [--years 10] [--exceptions 200] [--lists 200]: what a long series costs.
In a calendar of each vendor, played in another process, a meeting repeats every day of so many years, with so many days of
its own; it is taken over. Then: the rows it takes; the list of its first month and of its last one, in turn, medians told; and
the calls to the vendor for one more changed day, beside the look's own. Goals: one row for the series and at most one for
each exception; the last month at most 1.3 times as long as the first; at most three calls for a changed day.
`)

const { years, exceptions, lists } = sizesFrom({ years: 10, exceptions: 200, lists: 200 })
const goal = { lastOverFirst: 1.3, callsForOneDay: 3 }
const warmUp = 20
/** The series goes on for two months from today, so that its end lies in a provider's window. */
const firstDay = new Date(Date.now() - Math.round(years * 365.25 - 60) * dayMs)

await measure(async (dataDir) => {
  const [postgres, sandbox] = await Promise.all([startPostgres({ dataDir }), sandboxProcess(dataDir)])
  const templates = await databases(postgres.url)
  const found: Found[] = []
  for (const vendor of ['google', 'microsoft'] as const) {
    const fresh = await templates.fresh()
    found.push(await measured(fresh, sandbox, vendor))
    await fresh.drop()
  }
  await templates.close()
  tell(found)
})

interface Found {
  vendor: Vendor
  masters: number
  overrides: number
  firstMs: number
  lastMs: number
  callsForOneDay: number
  callsInAll: number
}

async function measured(fresh: BenchDatabase, sandbox: SandboxControl, vendor: Vendor): Promise<Found> {
  const email = `series@${vendor}.example`
  const product = productOn(fresh.database)
  await sandbox.makeAccount(vendor, email)
  await sandbox.importCalendar(vendor, email, longSeries(firstDay, years, exceptions))
  const provider = await connectProvider(product, sandbox, vendor, email)
  await run(product, provider)
  const rows = await rowsOf(fresh)
  await fresh.owner`vacuum analyze`
  const took = await listedInTurn(product, provider)

  await renameOccurrence(product, provider, slotIn(10))
  await sandbox.forgetRequests()
  await run(product, provider)
  const calls = await sandbox.requests(vendor, email)
  return {
    vendor,
    ...rows,
    ...took,
    callsForOneDay: calls.filter(({ path }) => !/\/(events|delta)$/.test(path)).length,
    callsInAll: calls.length,
  }
}

async function rowsOf({ owner }: BenchDatabase): Promise<Pick<Found, 'masters' | 'overrides'>> {
  const [rows] = await owner<{ masters: number; overrides: number }[]>`
    select count(*) filter (where series_id is null)::int as masters,
      count(*) filter (where series_id is not null)::int as overrides from schedule_entries`
  if (!rows) throw new Error('Nothing was counted.')
  return rows
}

/** The month that begins so many days after the series does. */
async function listMonth({ deps }: Product, { tenantId }: Provider, day: number): Promise<void> {
  const from = new Date(firstDay.getTime() + day * dayMs)
  const to = new Date(from.getTime() + 30 * dayMs)
  const { items } = await deps.database.tenant(tenantId, (db) =>
    listOccurrences(db, { from, to, limit: 100 }),
  )
  if (items.length < 25) throw new Error(`A month shows ${items.length} occurrences.`)
}

async function listedInTurn(
  product: Product,
  provider: Provider,
): Promise<Pick<Found, 'firstMs' | 'lastMs'>> {
  const took: Record<'first' | 'last', number[]> = { first: [], last: [] }
  const lastMonth = Math.round(years * 365.25) - 31
  for (let round = 0; round < warmUp + lists; round++) {
    const firstMs = await timedMs(() => listMonth(product, provider, 0))
    const lastMs = await timedMs(() => listMonth(product, provider, lastMonth))
    if (round < warmUp) continue
    took.first.push(firstMs)
    took.last.push(lastMs)
  }
  return { firstMs: median(took.first), lastMs: median(took.last) }
}

/** The slot so many days from today. */
function slotIn(days: number): string {
  const wall = `${new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)}T09:00:00`
  const time = timedFromWall(wall, wall, 'Europe/Berlin')
  return time.kind === 'dateTime' ? time.startsAt : time.start
}

function tell(found: Found[]): void {
  const ratio = ({ firstMs, lastMs }: Found) => rounded(lastMs / firstMs)
  report(
    [
      `${years} years daily, ${exceptions} exceptions`,
      'masters',
      'overrides',
      'first month, ms',
      'last month, ms',
      'last / first',
      'calls for one day',
    ],
    found.map((one) => [
      one.vendor,
      String(one.masters),
      String(one.overrides),
      one.firstMs.toFixed(2),
      one.lastMs.toFixed(2),
      ratio(one).toFixed(2),
      `${one.callsForOneDay} (${one.callsInAll} with the look's own)`,
    ]),
    {
      bench: 'series',
      years,
      exceptions,
      lists,
      ...Object.fromEntries(
        found.map(({ vendor, ...one }) => [
          vendor,
          {
            ...one,
            firstMs: rounded(one.firstMs),
            lastMs: rounded(one.lastMs),
            lastOverFirst: ratio({ vendor, ...one }),
          },
        ]),
      ),
      goal: {
        masters: 1,
        overrides: `<= ${exceptions}`,
        lastOverFirst: `<= ${goal.lastOverFirst}`,
        callsForOneDay: `<= ${goal.callsForOneDay}`,
      },
      met: found.every(
        (one) =>
          one.masters === 1 &&
          one.overrides <= exceptions &&
          ratio(one) <= goal.lastOverFirst &&
          one.callsForOneDay <= goal.callsForOneDay,
      ),
    },
  )
}
