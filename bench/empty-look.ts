import type { Provider } from '../db/providers.ts'
import type { Vendor } from '../domain/event.ts'
import { answerHelp } from '../scripts/parts/command.ts'
import { startPostgres } from '../scripts/parts/postgres.ts'
import { databases } from './support/database.ts'
import { median, report, rounded, timedMs } from './support/figures.ts'
import { sizesFrom } from './support/flags.ts'
import { measure, sandboxProcess, type SandboxControl } from './support/parts.ts'
import { connectProvider, productOn, run, type Product } from './support/provider.ts'

answerHelp(`
npm run bench -- empty-look [--small 1000] [--large 50000] [--looks 100]: what a look costs that finds nothing.
For each vendor a small and a large calendar, played in another process, is taken over and left at rest; then so many looks
at each take turns, and medians are told. Every look must ask the vendor exactly once, and its cost must not grow with the
calendar. Goal: the large one takes at most 1.3 times as long as the small one.
`)

const { looks, ...sizes } = sizesFrom({ small: 1_000, large: 50_000, looks: 100 })
const warmUp = 10
const goal = 1.3

/** One calendar at rest, and what its looks took. */
interface Resting {
  vendor: Vendor
  size: keyof typeof sizes
  provider: Provider
  email: string
  tookMs: number[]
  calls: number[]
}

await measure(async (dataDir) => {
  const [postgres, sandbox] = await Promise.all([startPostgres({ dataDir }), sandboxProcess(dataDir)])
  const templates = await databases(postgres.url)
  const fresh = await templates.fresh()
  const product = productOn(fresh.database)

  const resting: Resting[] = []
  for (const vendor of ['google', 'microsoft'] as const) {
    for (const size of ['small', 'large'] as const) {
      resting.push(await takeOver(product, sandbox, vendor, size))
    }
  }
  // What autovacuum does within minutes, so that it does not happen in the middle of the looks.
  await fresh.owner`vacuum analyze`

  for (let round = 0; round < warmUp; round++) for (const one of resting) await look(product, one.provider)
  for (let round = 0; round < looks; round++) {
    // Sizes and vendors trade places, so that small and large come as often after the same vendor as after the other one.
    const turn = resting.map((_, index) => resting[index ^ (round % 4)])
    for (const one of turn.filter((one) => one !== undefined)) {
      await sandbox.forgetRequests()
      one.tookMs.push(await timedMs(() => look(product, one.provider)))
      one.calls.push((await sandbox.requests(one.vendor, one.email)).length)
    }
  }
  await fresh.drop()
  await templates.close()
  tell(resting)
})

async function takeOver(
  product: Product,
  sandbox: SandboxControl,
  vendor: Vendor,
  size: keyof typeof sizes,
): Promise<Resting> {
  const email = `${size}@${vendor}.example`
  await sandbox.makeAccount(vendor, email)
  await sandbox.seed(vendor, email, sizes[size])
  const provider = await connectProvider(product, sandbox, vendor, email)
  await run(product, provider)
  return { vendor, size, provider, email, tookMs: [], calls: [] }
}

async function look({ activities }: Product, { id, tenantId }: Provider): Promise<void> {
  const seen = await activities.look({ providerId: id, tenantId })
  if (seen.kind !== 'rest') throw new Error(`A look at a calendar at rest answered "${seen.kind}".`)
}

function tell(resting: Resting[]): void {
  const vendors = (['google', 'microsoft'] as const).map((vendor) => {
    const msOf = (size: keyof typeof sizes) =>
      median(resting.flatMap((one) => (one.vendor === vendor && one.size === size ? one.tookMs : [])))
    const calls = resting.flatMap((one) => (one.vendor === vendor ? one.calls : []))
    const [smallMs, largeMs] = [msOf('small'), msOf('large')]
    return {
      vendor,
      smallMs,
      largeMs,
      ratio: rounded(largeMs / smallMs),
      callsMin: Math.min(...calls),
      callsMax: Math.max(...calls),
    }
  })
  report(
    [
      `medians of ${looks} looks`,
      `${sizes.small} events, ms`,
      `${sizes.large} events, ms`,
      'large / small',
      'vendor calls a look',
    ],
    vendors.map(({ vendor, smallMs, largeMs, ratio, callsMin, callsMax }) => [
      vendor,
      smallMs.toFixed(2),
      largeMs.toFixed(2),
      ratio.toFixed(2),
      callsMin === callsMax ? String(callsMin) : `${callsMin} to ${callsMax}`,
    ]),
    {
      bench: 'empty-look',
      ...sizes,
      looks,
      ...Object.fromEntries(
        vendors.map(({ vendor, smallMs, largeMs, ratio, callsMin, callsMax }) => [
          vendor,
          {
            smallMs: rounded(smallMs),
            largeMs: rounded(largeMs),
            largeOverSmall: ratio,
            callsMin,
            callsMax,
          },
        ]),
      ),
      goal: { largeOverSmall: `<= ${goal}`, callsMin: 1, callsMax: 1 },
      met: vendors.every(
        ({ ratio, callsMin, callsMax }) => ratio <= goal && callsMin === 1 && callsMax === 1,
      ),
    },
  )
}
