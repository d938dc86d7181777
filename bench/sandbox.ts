import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerHelp, root } from '../scripts/parts/command.ts'
import { startPart, whileRunning, type Part } from '../scripts/parts/process.ts'
import type { BareAnswers } from './support/bare-server.ts'
import { median, report, rounded } from './support/figures.ts'
import { sizesFrom } from './support/flags.ts'
import { load, type Repeated } from './support/http-load.ts'
import { measure } from './support/parts.ts'
import { scenariosOn, type Scenario } from './support/sandbox-scenarios.ts'

answerHelp(`
npm run bench -- sandbox [--small 100] [--large 50000] [--milliseconds 1000] [--rounds 3]: how fast the played vendors are.
Each call is sent for so long to the sandbox, and in turn to a bare node:http server that answers the same bytes from
memory, on 1 connection and on 32; requests a second and their ratio are told, as medians of the rounds. Then the heap
that a plain event takes is measured, at once and twice the large number of events.
Goals: lists at 0.5 of the bare server or more; an empty round costs the same in a small and in a large calendar, within a
fifth; 2 KB an event or less.
`)

const { small, large, milliseconds, rounds } = sizesFrom({
  small: 100,
  large: 50_000,
  milliseconds: 1_000,
  rounds: 3,
})
const connections = [1, 32]
const warmUpMs = 500
const goals = { listOverBare: 0.5, emptyLargeOverSmall: 1.2, bytesPerEvent: 2_048 }

interface Measured {
  scenario: Scenario
  connections: number
  sandbox: number
  bare: number
}

await measure(async (dataDir) => {
  // More calls are to be made in a minute than Google allows.
  const quotas = ['google.quotaPerUserPerMinute=0', 'google.quotaPerProjectPerMinute=0']
  const switches = quotas.flatMap((quota) => ['--switch', quota])
  const sandbox = await start(
    'Sandbox',
    dataDir,
    join(root, 'sandbox', 'main.ts'),
    '--port',
    '0',
    ...switches,
  )
  const scenarios = await scenariosOn(sandbox.url, { small, large })
  const file = join(dataDir, 'answers.json')
  writeFileSync(file, JSON.stringify(await answersOf(sandbox.url, scenarios)))
  const bare = await start('Bare', dataDir, join(root, 'bench', 'support', 'bare-server.ts'), file)

  const measured: Measured[] = []
  for (const scenario of scenarios)
    for (const count of connections) measured.push(await compare(scenario, count, sandbox.url, bare.url))
  await Promise.all([sandbox.part.stop(), bare.part.stop()])
  tell(measured, await memory(dataDir))
})

async function start(
  name: string,
  dataDir: string,
  ...args: string[]
): Promise<{ url: string; part: Part; said: Record<string, unknown> }> {
  const part = await startPart({ name, command: process.execPath, args, dataDir, cwd: root, ours: true })
  const said = await whileRunning(part, () => part.ready, 600_000)
  return { url: String(said['url']), part, said }
}

/** What the sandbox answers each call, for the bare server to repeat. */
async function answersOf(url: string, scenarios: Scenario[]): Promise<BareAnswers> {
  const answers: BareAnswers = {}
  for (const { method, target, token, headers = {}, body } of scenarios.flatMap(({ requests }) => requests)) {
    const answer = await fetch(`${url}${target}`, {
      method,
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${target} was answered ${answer.status}: ${text}`)
    answers[`${method} ${target}`] = {
      status: answer.status,
      headers: {
        'content-type': answer.headers.get('content-type') ?? '',
        'content-length': String(Buffer.byteLength(text)),
      },
      body: text,
    }
  }
  return answers
}

/** Both servers in turn, so that what befalls the machine befalls both. */
async function compare(scenario: Scenario, count: number, sandbox: string, bare: string): Promise<Measured> {
  const requests = Array.from(
    { length: count },
    (_, index) => scenario.requests[index % scenario.requests.length],
  )
  const sent = requests.filter((request) => request !== undefined)
  const rates = { sandbox: [] as number[], bare: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    const durationMs = round === 0 ? warmUpMs : milliseconds
    const rate = {
      sandbox: await rateOf(sandbox, sent, durationMs),
      bare: await rateOf(bare, sent, durationMs),
    }
    if (round === 0) continue
    rates.sandbox.push(rate.sandbox)
    rates.bare.push(rate.bare)
  }
  return { scenario, connections: count, sandbox: median(rates.sandbox), bare: median(rates.bare) }
}

async function rateOf(url: string, requests: Repeated[], durationMs: number): Promise<number> {
  const { answers, failed, tookMs } = await load(url, requests, durationMs)
  if (failed > 0) throw new Error(`${failed} of ${answers} calls of ${requests[0]?.target ?? ''} failed.`)
  return (answers / tookMs) * 1000
}

interface Memory {
  vendor: string
  events: number
  bytesPerEvent: number
}

async function memory(dataDir: string): Promise<Memory[]> {
  const program = join(root, 'bench', 'support', 'sandbox-memory.ts')
  const { said, part } = await start(
    'Memory',
    dataDir,
    '--expose-gc',
    program,
    String(large),
    String(2 * large),
  )
  await part.stop()
  return said['found'] as Memory[]
}

function tell(measured: Measured[], found: Memory[]): void {
  const rows = measured.map(({ scenario, connections, sandbox, bare }) => [
    scenario.name,
    String(connections),
    sandbox.toFixed(0),
    bare.toFixed(0),
    (sandbox / bare).toFixed(2),
  ])
  const heap = found.map(({ vendor, events, bytesPerEvent }) => [
    `${vendor}, ${events} events`,
    '',
    `${bytesPerEvent.toFixed(0)} B each`,
    '',
    '',
  ])
  const lists = measured.filter(({ scenario }) => scenario.kind === 'list')
  const empty = emptyRounds(measured)
  report(
    [`medians of ${rounds} rounds`, 'connections', 'sandbox, 1/s', 'bare, 1/s', 'sandbox / bare'],
    [...rows, ...heap],
    {
      bench: 'sandbox',
      small,
      large,
      milliseconds,
      rounds,
      calls: measured.map(({ scenario, connections, sandbox, bare }) => ({
        call: scenario.name,
        connections,
        sandboxPerSecond: rounded(sandbox),
        barePerSecond: rounded(bare),
        sandboxOverBare: rounded(sandbox / bare),
      })),
      empty,
      memory: found.map((one) => ({ ...one, bytesPerEvent: Math.round(one.bytesPerEvent) })),
      goals: {
        listOverBare: `>= ${goals.listOverBare}`,
        emptyLargeOverSmall: `<= ${goals.emptyLargeOverSmall}`,
        bytesPerEvent: `<= ${goals.bytesPerEvent}`,
      },
      met: {
        listOverBare: lists.every(({ sandbox, bare }) => sandbox / bare >= goals.listOverBare),
        emptyLargeOverSmall: empty.every(({ largeOverSmall }) => largeOverSmall <= goals.emptyLargeOverSmall),
        bytesPerEvent: found.every(({ bytesPerEvent }) => bytesPerEvent <= goals.bytesPerEvent),
      },
    },
  )
}

/** How much longer an empty round takes in the large calendar than in the small one. */
function emptyRounds(measured: Measured[]) {
  return (['google', 'microsoft'] as const).map((vendor) => {
    const rateOf = (size: 'small' | 'large') =>
      measured.find(
        ({ scenario, connections }) =>
          connections === 1 && scenario.empty?.vendor === vendor && scenario.empty.size === size,
      )?.sandbox ?? Number.NaN
    return {
      vendor,
      smallPerSecond: rounded(rateOf('small')),
      largePerSecond: rounded(rateOf('large')),
      largeOverSmall: rounded(rateOf('small') / rateOf('large')),
    }
  })
}
