import { afterAll, beforeAll, expect, test } from 'vitest'
import { noteMaintenance } from '../../db/upkeep.ts'
import { holdAlerts } from '../../db/alerts.ts'
import { newProvider, runningApi, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller
beforeAll(async () => {
  api = await runningApi()
  tenant = await api.newTenant()
})
afterAll(() => api.close())

const problems = async (): Promise<string> => {
  const { status, body } = await tenant.call('GET', '/health')
  expect(status).toBe(200)
  return body.problems.join('\n')
}

test('R3: that no worker asks for work is said with what stands still and what to do', async () => {
  const { body } = await tenant.call('GET', '/health')
  expect(body.status).toBe('unhealthy')
  expect(body.queues).toEqual(
    ['calendar-sync', 'google', 'microsoft'].map((name) => ({ name, workers: 0, lastPolledAt: null })),
  )
  expect(await problems()).toContain(
    'No worker has asked for work of calendar-sync, google, microsoft lately',
  )
})

test('maintenance that stays away for two passes is said to, and a pass ends it', async () => {
  expect(await problems()).not.toContain('Maintenance has not run')
  api.advance(35 * 60_000)
  expect(await problems()).toContain('Maintenance has not run since')
  const now = api.deps.now()
  await api.database.system((db) => noteMaintenance(db, now))
  const { body } = await tenant.call('GET', '/health')
  expect(body.maintenance).toEqual({ lastPassAt: now.toISOString(), isLate: false })
  expect(await problems()).not.toContain('Maintenance has not run')
})

test('nobody without a key is told', async () => {
  const answer = await api.app.inject({ method: 'GET', url: '/api/v1/health' })
  expect(answer.statusCode).toBe(401)
})

test('R44: open alerts are listed with what somebody who is called asks for, to their tenant alone', async () => {
  const { id: providerId } = await newProvider(tenant)
  const { tenantId } = tenant
  const at = new Date('2026-03-05T09:00:00Z')
  const hold = (open: Map<'failing', string>) =>
    api.database.tenant(tenantId, (db) =>
      holdAlerts(db, { tenantId, providerId }, open, { at, newId: () => api.deps.newId() }),
    )
  await hold(new Map([['failing', 'It failed 3 times in a row.']]))
  await hold(new Map([['failing', 'It failed 4 times in a row.']]))
  const { body } = await tenant.call('GET', '/alerts?state=open')
  expect(body.items).toEqual([
    {
      id: expect.any(String),
      kind: 'failing',
      message: 'It failed 3 times in a row.',
      providerId,
      providerName: 'Work',
      tenantName: expect.any(String),
      lastSyncAt: null,
      openedAt: at.toISOString(),
      resolvedAt: null,
    },
  ])
  expect((await (await api.newTenant()).call('GET', '/alerts')).body.items).toEqual([])
  await hold(new Map())
  expect((await tenant.call('GET', '/alerts?state=open')).body.items).toEqual([])
  expect((await tenant.call('GET', '/alerts?state=resolved')).body.items).toHaveLength(1)
})
