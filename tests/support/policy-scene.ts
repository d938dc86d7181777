import { randomUUID } from 'node:crypto'
import { changeSettings } from '../../db/provider-settings.ts'
import { findProvider, lockProvider, type Provider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import type { ProviderPolicies } from '../../domain/policy.ts'
import { sceneOf, tomorrow } from './scene.ts'
import { connectProvider, makeTenant, settle, type TestTenant, type World } from './world.ts'

type Policies = Partial<ProviderPolicies>

/** A member's calendar under a policy of what enters, and the person it belongs to. */
export async function calendarUnder(world: World, vendor: Vendor, policies: Policies = {}, of?: TestTenant) {
  const tenant = of ?? (await makeTenant(world))
  const provider = await connectProvider(world, tenant, vendor, {
    email: `${randomUUID()}@${vendor}.example`,
    policies,
  })
  const scene = sceneOf(world)
  const person = await scene.person(provider)
  const at = (hour: number) =>
    vendor === 'google'
      ? { dateTime: `${tomorrow(hour)}Z`, timeZone: 'UTC' }
      : { dateTime: tomorrow(hour), timeZone: 'UTC' }
  const path = vendor === 'google' ? '/calendar/v3/calendars/primary/events' : '/v1.0/me/events'
  /** Words in the vendor's own names. */
  const named = (words: { title?: string; body?: string; place?: string; isPrivate?: boolean }) => ({
    ...(words.title !== undefined && { [vendor === 'google' ? 'summary' : 'subject']: words.title }),
    ...(words.body !== undefined &&
      (vendor === 'google'
        ? { description: words.body }
        : { body: { contentType: 'text', content: words.body } })),
    ...(words.place !== undefined && {
      location: vendor === 'google' ? words.place : { displayName: words.place },
    }),
    ...(words.isPrivate !== undefined &&
      (vendor === 'google'
        ? { visibility: words.isPrivate ? 'private' : 'default' }
        : { sensitivity: words.isPrivate ? 'private' : 'normal' })),
  })
  return {
    tenant,
    provider,
    scene,
    person,
    path,
    settle: () => settle(world, provider),
    create: (words: Parameters<typeof named>[0], hour = 9, more: Record<string, unknown> = {}) =>
      person.send<{ id: string }>('POST', path, {
        ...named(words),
        start: at(hour),
        end: at(hour + 1),
        ...more,
      }),
    change: (id: string, words: Parameters<typeof named>[0]) =>
      person.send('PATCH', `${path}/${id}`, named(words)),
    read: (id: string) => person.send<Record<string, unknown>>('GET', `${path}/${id}`),
    setPolicies: (wish: Policies) => setPolicies(world, provider, wish),
  }
}
export type PolicyScene = Awaited<ReturnType<typeof calendarUnder>>

export async function setPolicies(
  world: World,
  { id, tenantId }: Provider,
  policies: Policies,
): Promise<void> {
  await world.database.tenant(tenantId, async (db) => {
    const current = await lockProvider(db, id)
    if (!current) throw new Error('There is no such provider.')
    await changeSettings(db, current, { policies }, world.deps.now())
  })
}

export const readProvider = (world: World, { id, tenantId }: Provider) =>
  world.database.tenant(tenantId, (db) => findProvider(db, id))
