import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import { sumLatencies } from '../../db/change-latencies.ts'
import type { Provider } from '../../db/providers.ts'
import { findRun, type Run } from '../../db/runs.ts'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const minuteMs = 60_000

/** A whole run, made some minutes from now. */
async function run({ id: providerId, tenantId }: Provider, minutesAhead: number): Promise<Run> {
  const activities = createActivities({
    ...world.deps,
    now: () => new Date(Date.now() + minutesAhead * minuteMs),
  })
  const step = { tenantId, providerId, runId: randomUUID() }
  await activities.openRun({ ...step, trigger: 'poll' })
  let pushed: string = 'moved'
  while (pushed === 'moved') {
    while ((await activities.pull(step)) === 'more');
    let after: number | null = 0
    while (after !== null) after = (await activities.reconcilePending({ ...step, after })).after
    pushed = await activities.push(step)
  }
  await activities.finishRun({ ...step, outcome: 'completed', failure: null })
  const found = await world.database.tenant(tenantId, (db) => findRun(db, step.runId))
  if (!found) throw new Error('The run left no row.')
  return found
}

test.each<Vendor>(['google', 'microsoft'])(
  'a run tells how long the changes it carried took from when they were made (%s)',
  async (vendor) => {
    const scene = sceneOf(world)
    const tenant = await makeTenant(world)
    const provider = await connectProvider(world, tenant, vendor, {
      email: `${randomUUID()}@${vendor}.example`,
    })
    const person = await scene.person(provider)
    await person.create({ title: 'Old there', start: tomorrow(9), end: tomorrow(10) })
    await scene.makeEntry(tenant, 'Old here', 11)
    const first = await run(provider, 0)
    expect(first.counts).toMatchObject({ entriesCreated: 1, sent: 1 })
    // A first import and a first export are no latency.
    expect(first.latency).toBeNull()

    await person.create({ title: 'New there', start: tomorrow(13), end: tomorrow(14) })
    await scene.makeEntry(tenant, 'New here', 15)
    const second = await run(provider, 7)
    const aboutSevenMinutes = expect.toSatisfy((ms: number) => ms > 6.9 * minuteMs && ms < 8 * minuteMs)
    const one = { measured: 1, totalMs: aboutSevenMinutes, slowestMs: aboutSevenMinutes }
    expect(second.latency).toMatchObject({ inbound: one, outbound: one })

    const ours = (await world.database.system(sumLatencies)).filter((row) => row.vendor === vendor)
    const changes = (direction: string) =>
      ours.filter((row) => row.direction === direction).reduce((sum, row) => sum + row.changes, 0)
    expect([changes('inbound'), changes('outbound')]).toEqual([1, 1])
    expect((await run(provider, 8)).latency).toBeNull()
  },
)

test('a deletion counts from when it was seen, and one of the schedule from when it was made', async () => {
  const scene = sceneOf(world)
  const tenant = await makeTenant(world)
  const provider = await connectProvider(world, tenant, 'google', { email: `${randomUUID()}@google.example` })
  await scene.makeEntry(tenant, 'Goes there', 9)
  await scene.makeEntry(tenant, 'Goes here', 11)
  await run(provider, 0)
  const [there] = (await scene.vendorEvents(provider)).filter(({ title }) => title === 'Goes there')
  await (await scene.person(provider)).remove(there?.id ?? '')
  const here = (await scene.entriesOf(tenant)).find((entry) => entry.content.title === 'Goes here')
  if (!here) throw new Error('There is no entry.')
  await scene.editEntry(tenant, here, {}, true)
  const { counts, latency } = await run(provider, 3)
  expect(counts).toMatchObject({ entriesDeleted: 1, sent: 1 })
  expect(latency?.inbound).toMatchObject({ measured: 1 })
  expect(latency?.inbound?.slowestMs).toBeLessThan(minuteMs)
  expect(latency?.outbound?.slowestMs).toBeGreaterThan(2.9 * minuteMs)
})
