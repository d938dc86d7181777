import { randomUUID } from 'node:crypto'
import { decideBrake } from '../../api/brake-decision.ts'
import { openBrakes } from '../../db/brakes.ts'
import { countHeldLosses, listHeldLosses } from '../../db/losses.ts'
import type { Provider } from '../../db/providers.ts'
import type { LosingSide } from '../../domain/brake.ts'
import type { Vendor } from '../../domain/event.ts'
import { sceneOf, tomorrow } from './scene.ts'
import { connectProvider, makeTenant, sync, type TestTenant, type World } from './world.ts'

export const decidedBy = { kind: 'session' as const }

/** What people see and do where many events vanish at once. */
export function brakeSceneOf(world: World) {
  const scene = sceneOf(world)
  const asTenant = <T>(provider: Provider, work: Parameters<typeof world.database.tenant<T>>[1]) =>
    world.database.tenant(provider.tenantId, work)
  return {
    ...scene,
    /** A member's calendar with this many events of its own, brought in. */
    async connected(
      count: number,
      options: Parameters<typeof connectProvider>[3] & { vendor?: Vendor; tenant?: TestTenant } = {},
    ) {
      const vendor = options.vendor ?? 'google'
      const tenant = options.tenant ?? (await makeTenant(world))
      const email = `${randomUUID()}@${vendor}.example`
      const provider = await connectProvider(world, tenant, vendor, { email, ...options })
      if (count > 0) await world.control.seed(email, { vendor, count, startsAt: `${tomorrow(8)}Z` })
      await sync(world, provider)
      return { tenant, provider }
    },
    /** Somebody deletes events in their calendar. */
    async vanish(provider: Provider, count: number) {
      const person = await scene.person(provider)
      const events = (await scene.vendorEvents(provider)).slice(0, count)
      await Promise.all(events.map(({ id }) => person.remove(id)))
    },
    /** An application deletes entries. */
    async drop(tenant: TestTenant, count: number) {
      const entries = (await scene.entriesOf(tenant)).slice(0, count)
      await Promise.all(entries.map((entry) => scene.editEntry(tenant, entry, {}, true)))
    },
    /** An application makes entries for its member. */
    makeMany: (tenant: TestTenant, count: number, assignees = [tenant.memberId]) =>
      Promise.all(
        Array.from({ length: count }, (_none, index) =>
          scene.makeEntry(tenant, `Repair ${index}`, index % 23, assignees),
        ),
      ),
    async decide(provider: Provider, decision: 'approved' | 'refused', reviewed?: number, side?: LosingSide) {
      const author = { tenantId: provider.tenantId, cause: decidedBy, now: world.deps.now() }
      return asTenant(provider, async (db) => {
        const [row] = await countHeldLosses(db, [provider.id])
        const about = side ?? row?.side ?? 'schedule'
        const word = { decision, side: about, reviewed: reviewed ?? row?.last ?? 0 }
        return decideBrake(db, world.deps, author, provider.id, word)
      })
    },
    look: (provider: Provider) =>
      world.activities.look({ tenantId: provider.tenantId, providerId: provider.id }),
    held: (provider: Provider) =>
      asTenant(provider, (db) => listHeldLosses(db, { providerId: provider.id, limit: 1_000 })),
    brakes: (provider: Provider) => asTenant(provider, (db) => openBrakes(db, [provider.id])),
    /** How many events either side has. */
    counts: async (tenant: TestTenant, ...providers: Provider[]) => [
      (await scene.entriesOf(tenant)).length,
      ...(await Promise.all(providers.map(async (one) => (await scene.vendorEvents(one)).length))),
    ],
  }
}
