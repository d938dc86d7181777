import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import { answerHelp, giveUp, root } from './parts/command.ts'
import { guard } from './parts/guard.ts'
import { startPostgres } from './parts/postgres.ts'
import type { FromPlayer, PlayerInput } from './parts/simulate-player.ts'
import { withDataDir } from './parts/temporary-data.ts'

answerHelp(`
npm run simulate [-- --seed S] [--runs N] [--minutes M] [--turns T] [--players P]: plays whole histories against the real
code, a real PostgreSQL and both played vendors on a clock of their own. People edit on every side and switch policies,
answers and messages are lost, consents and cursors end, calendars vanish, processes die and freeze; when the dust has
settled the invariants are checked. A failure is told as the shortest story that still breaks a rule, and its seed and turns
play it again (--seed S --turns-of 3,7,12).
  --seed     the first history's; a fresh one when left out
  --runs     how many histories (100)
  --minutes  no new history begins after so many
  --turns    how many turns a history has at least (36): it goes on until there were 20 edits and 5 faults
  --turns-of plays just these turns of the one seed, and tells their story
  --players  processes that play beside each other (one a core)
`)

const wish = readWish()

await withDataDir('The simulation broke off.', async (dataDir) => {
  console.log(`From seed ${wish.seed} on.`)
  const { url } = await startPostgres({ dataDir })
  const startedMs = performance.now()
  const players = Array.from({ length: Math.min(wish.players, wish.runs) }, (_, index) =>
    play({
      server: url,
      seed: wish.seed + index,
      runs: Math.ceil((wish.runs - index) / wish.players),
      step: wish.players,
      turns: wish.turns,
      only: wish.only,
      untilMs: Date.now() + wish.minutes * 60_000,
    }),
  )
  const told = setInterval(() => console.log(line()), 30_000)
  const results = await Promise.all(players.map(({ ended }) => ended))
  clearInterval(told)
  const hours = (performance.now() - startedMs) / 3_600_000
  const played = sum(results.map((result) => result.played))
  const failed = sum(results.map((result) => result.failures.length))
  const average = (name: keyof FromPlayer['counts']) =>
    Number((sum(results.map((result) => result.counts[name])) / Math.max(played - failed, 1)).toFixed(1))
  const figures = {
    simulate: true,
    seed: wish.seed,
    turns: wish.turns,
    histories: played,
    broken: failed,
    historiesPerHour: Math.round(played / hours),
    averages: {
      edits: average('edits'),
      steps: average('steps'),
      faults: average('faults'),
      crashes: average('crashes'),
    },
  }
  console.log(`\n${played} histories from seed ${wish.seed}, ${failed} in which a rule broke`)
  console.log(JSON.stringify(figures))
  if (failed > 0) process.exitCode = 1

  function line(): string {
    const last = players.map((player) => player.last())
    return `${sum(last.map((one) => one.played))} played, ${sum(last.map((one) => one.failures.length))} broken`
  }
})

function play(input: PlayerInput) {
  const nothing: FromPlayer = {
    failures: [],
    played: 0,
    counts: { edits: 0, steps: 0, faults: 0, crashes: 0 },
  }
  let last = nothing
  const child = fork(join(root, 'scripts', 'parts', 'simulate-player.ts'), [JSON.stringify(input)], {
    cwd: root,
  })
  const release = child.pid ? guard(child.pid, 'SIGTERM') : () => {}
  child.on('message', (said) => {
    const before = last.failures.length
    last = said as FromPlayer
    // Told at once: whoever reads along need not wait for the end.
    for (const failure of last.failures.slice(before)) console.log(`\n${failure}`)
  })
  const ended = new Promise<FromPlayer>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      release()
      if (code === 0) resolve(last)
      else reject(new Error(`A player ended with code ${code}.`))
    })
  })
  return { last: () => last, ended }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function readWish() {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      options: { seed: text, runs: text, minutes: text, turns: text, 'turns-of': text, players: text },
    })
    const only = values['turns-of']?.split(',').map((turn) => whole('turns-of', turn, 0)) ?? null
    return {
      seed: whole('seed', values.seed ?? String(randomInt(2 ** 31)), 0),
      runs: only ? 1 : whole('runs', values.runs ?? (values.minutes ? '1000000' : '100'), 1),
      minutes: whole('minutes', values.minutes ?? '10000', 1),
      turns: whole('turns', values.turns ?? '36', 1),
      players: whole('players', values.players ?? String(availableParallelism()), 1),
      only,
    }
  } catch (error) {
    return giveUp(error)
  }
}

function whole(name: string, given: string, least: number): number {
  const value = Number(given)
  if (given.trim() !== '' && Number.isInteger(value) && value >= least && value < 2 ** 31) return value
  throw new Error(`--${name} is "${given}": give a whole number from ${least} on.`)
}
