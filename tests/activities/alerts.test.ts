import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listAlerts } from '../../db/alerts.ts'
import { markDeleted, type Provider } from '../../db/providers.ts'
import { listen, type Hook } from '../sandbox/hook.ts'
import {
  connectProvider,
  createWorld,
  makeTenant,
  sync,
  type TestTenant,
  type World,
} from '../support/world.ts'

let world: World
let channel: Hook
let tenant: TestTenant
let provider: Provider
beforeAll(async () => {
  channel = await listen()
  const alertChannel = { url: channel.url, channel: '#ops', rotation: 'Platform Integrations' }
  world = await createWorld({ alertChannel })
})
afterAll(async () => {
  await world.close()
  await channel.close()
})
beforeEach(async () => {
  tenant = await makeTenant(world)
  provider = await connectProvider(world, tenant, 'google', { email: `${randomUUID()}@google.example` })
})

const failure = {
  code: 'backendError',
  message: 'Google: a server error.',
  requestId: null,
  retryAfterMs: null,
}
const fail = async (times: number) => {
  for (let time = 0; time < times; time++)
    await world.activities.recordFailure({ tenantId: tenant.tenantId, providerId: provider.id, failure })
}

/** A pass of maintenance; what the channel was sent by it of this tenant. */
async function pass(): Promise<{ text: string; channel: string; blocks: unknown }[]> {
  const before = channel.received.length
  for (let after: string | null = null; ;) {
    const page = await world.activities.maintainPage({ after })
    after = page.after
    if (after === null) break
  }
  while ((await world.activities.announceAlerts()).announced > 0);
  return channel.received
    .slice(before)
    .map(({ body }) => JSON.parse(body))
    .filter((message) => JSON.stringify(message).includes(tenant.tenantId))
}
const openAlerts = () => world.database.tenant(tenant.tenantId, (db) => listAlerts(db, true, 10))

test('R43: three failures in a row go out once, with what R44 asks for, and so does their end', async () => {
  await fail(2)
  expect(await pass()).toEqual([])
  await fail(1)
  const [message, ...more] = await pass()
  expect(more).toEqual([])
  expect(message).toMatchObject({
    channel: '#ops',
    text: `[Platform Integrations] Alert: failing of ${provider.name} (Acme)`,
  })
  const said = JSON.stringify(message)
  for (const part of [
    '3 times in a row',
    'Google: a server error. (backendError)',
    'Last sync: never',
    provider.id,
  ])
    expect(said).toContain(part)

  await fail(1)
  expect(await pass()).toEqual([])
  await settleWell()
  const over = await pass()
  expect(over.map(({ text }) => text)).toEqual([
    `[Platform Integrations] Resolved: failing of ${provider.name} (Acme)`,
  ])
  expect(await openAlerts()).toEqual([])
})

test('R43: a consent that is taken back goes out', async () => {
  await sync(world, provider)
  await world.control.revoke('google', provider.accountEmail ?? '')
  const { tenantId } = tenant
  expect(await world.activities.look({ tenantId, providerId: provider.id })).toMatchObject({
    kind: 'halted',
    phase: 'reauthorization-required',
  })
  const texts = (await pass()).map(({ text }) => text)
  expect(texts).toEqual([`[Platform Integrations] Alert: consent-revoked of ${provider.name} (Acme)`])
})

test('a channel that is away is told later, of each alert once', async () => {
  await fail(3)
  channel.answerWith(503)
  await expect(pass()).rejects.toThrow('The alert webhook answered 503.')
  channel.answerWith(200)
  expect(await pass()).toHaveLength(1)
  expect(await pass()).toEqual([])
})

test('nothing of a calendar is told', async () => {
  await fail(3)
  const [message] = await pass()
  expect(JSON.stringify(message)).not.toContain('Bearer')
  expect(Object.keys(message ?? {}).toSorted()).toEqual(['blocks', 'channel', 'text'])
})

/** A run that goes well. */
async function settleWell(): Promise<void> {
  const step = { tenantId: tenant.tenantId, providerId: provider.id, runId: randomUUID() }
  await world.activities.openRun({ ...step, trigger: 'manual' })
  await world.activities.finishRun({ ...step, outcome: 'completed', failure: null })
}

test('what is wrong with a provider is over when the provider is deleted', async () => {
  await fail(3)
  expect(await pass()).toHaveLength(1)
  const { tenantId } = tenant
  await world.database.tenant(tenantId, (db) => markDeleted(db, provider.id, world.deps.now()))
  while ((await world.activities.forgetProvider({ tenantId, providerId: provider.id })) === 'more');
  expect((await pass()).map(({ text }) => text)).toEqual([
    `[Platform Integrations] Resolved: failing of ${provider.name} (Acme)`,
  ])
  expect(await openAlerts()).toEqual([])
})
