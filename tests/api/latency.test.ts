import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addLatencies } from '../../db/change-latencies.ts'
import { withWaits } from '../../domain/latency.ts'
import { ask, newProvider, runningApi, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
beforeAll(async () => {
  api = await runningApi()
})
afterAll(() => api.close())

const metrics = async () => (await ask(api.app, { url: '/metrics' })).text

async function ended(tenant: Caller, waits: number[]): Promise<string> {
  const { id: providerId } = await newProvider(tenant)
  const { tenantId } = tenant
  const inbound = withWaits(undefined, waits)
  if (!inbound) throw new Error('Nothing was measured.')
  const { owner } = api.database
  const row = { id: randomUUID(), tenant_id: tenantId, provider_id: providerId, number: 1, trigger: 'poll' }
  const told = { counts: {}, latency: owner.json({ inbound: { ...inbound } }), started_at: new Date() }
  await owner`insert into runs ${owner({ ...row, ...told })}`
  await api.database.tenant(tenantId, (db) => addLatencies(db, { tenantId, providerId }, { inbound }))
  return row.id
}

test('a run tells how many changes it measured, and how long they took', async () => {
  const tenant = await api.newTenant()
  const { body } = await tenant.call('GET', `/runs/${await ended(tenant, [90, 400_000])}`)
  expect(body.latency).toEqual({
    inbound: { measured: 2, totalMs: 400_090, slowestMs: 400_000 },
    outbound: null,
  })
})

test('the fleet’s latencies are a histogram by vendor and direction, and name no tenant', async () => {
  const bucketOf = (text: string, le: string) =>
    Number(
      text.match(new RegExp(`_bucket\\{vendor="google",direction="inbound",le="${le}"\\} (\\d+)`))?.[1] ?? 0,
    )
  const before = await metrics()
  const [one, other] = [await api.newTenant(), await api.newTenant()]
  await ended(one, [90, 2_000])
  await ended(other, [90, 100_000_000])
  const text = await metrics()
  const grown = ['0.1', '2.5', '86400', '\\+Inf'].map((le) => bucketOf(text, le) - bucketOf(before, le))
  expect(grown).toEqual([2, 3, 3, 4])
  expect(text).toContain('# TYPE calendar_change_latency_seconds histogram')
  expect(text).toMatch(/_sum\{vendor="google",direction="inbound"\} [\d.]+\n/)
  expect(text).toMatch(/_count\{vendor="google",direction="inbound"\} \d+\n/)
  for (const { tenantId } of [one, other]) expect(text).not.toContain(tenantId)
})
