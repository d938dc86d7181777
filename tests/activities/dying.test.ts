import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeLease } from '../../db/cursors.ts'
import type { Provider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import type { Activities } from '../../activities/index.ts'
import { befallen, Crash, throwCrash } from '../simulation/attempts.ts'
import { sceneOf, tomorrow } from '../support/scene.ts'
import { connectProvider, createWorld, makeTenant, sync, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const steps = ['pull', 'reconcile', 'push'] as const
type Step = (typeof steps)[number]
/** More than any step has. */
const transactionsMax = 40

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  async function connected() {
    const tenant = await makeTenant(world)
    const email = `${randomUUID()}@${vendor}.example`
    const provider = await connectProvider(world, tenant, vendor, { email })
    await sync(world, provider)
    const scene = sceneOf(world)
    return { tenant, provider, scene, person: await scene.person(provider) }
  }

  test.each(steps)('a %s that dies at any of its transactions costs nothing but the try', async (step) => {
    const { tenant, provider, scene, person } = await connected()
    let made: string[] = []
    for (let at = 1; at <= transactionsMax; at++) {
      const titles = [`Visit ${at}`, `Repair ${at}`]
      await person.create({ title: `Visit ${at}`, start: tomorrow(9), end: tomorrow(10) })
      await scene.makeEntry(tenant, `Repair ${at}`, 11)
      made = [...made, ...titles]
      const before = steps.slice(0, steps.indexOf(step))
      for (const earlier of before) await take(world.activities, provider, earlier)
      const dying = befallen({ world }, at, at % 2 === 0, throwCrash)
      const isDead = await take(dying, provider, step).then(() => false, isCrash)
      await sync(world, provider)
      expect(await scene.titlesOf(tenant)).toEqual(made.toSorted())
      expect(await scene.vendorTitles(provider)).toEqual(made.toSorted())
      if (!isDead) return
    }
    throw new Error('The step has more transactions than were tried.')
  })

  test.each(['pull', 'push'] as const)(
    'a %s that froze and was taken over is still heard only if it stood right before its call',
    async (step) => {
      const { tenant, provider, scene } = await connected()
      let heard = 0
      for (let at = 1; at <= transactionsMax; at++) {
        await scene.makeEntry(tenant, `Repair ${at}`)
        await take(world.activities, provider, 'reconcile')
        let isTaken = false
        const steal = async () => {
          await world.database.tenant(tenant.tenantId, (db) => takeLease(db, provider, 'a newer attempt'))
          await world.control.forgetRequests()
          isTaken = true
        }
        const woken = await take(befallen({ world }, at, false, steal), provider, step).then(
          () => lastTransaction,
          (error: Error) => error.name,
        )
        if (!isTaken) {
          expect(heard).toBe(1)
          return
        }
        expect(['LeaseLost', lastTransaction]).toContain(woken)
        heard += (await world.control.requests()).length
        await sync(world, provider)
      }
      throw new Error('The step has more transactions than were tried.')
    },
  )
})

/** Frozen after its very last transaction, a step has nothing left to do. */
const lastTransaction = 'done'

function isCrash(error: unknown): true {
  if (error instanceof Crash) return true
  throw error
}

async function take(activities: Activities, { id, tenantId }: Provider, step: Step): Promise<void> {
  const taken = { tenantId, providerId: id, runId: randomUUID() }
  switch (step) {
    case 'pull':
      return void (await activities.pull(taken))
    case 'reconcile':
      return void (await activities.reconcilePending({ ...taken, after: 0 }))
    case 'push':
      return void (await activities.push(taken))
  }
}
