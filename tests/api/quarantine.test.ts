import { afterAll, beforeAll, expect, test } from 'vitest'
import { freeQuarantined, saveQuarantined } from '../../db/quarantine.ts'
import { newProvider, runningApi, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller
beforeAll(async () => {
  api = await runningApi()
  tenant = await api.newTenant()
})
afterAll(() => api.close())

test('items in quarantine are listed page by page, with why and since when, and to their tenant alone', async () => {
  const { id: providerId } = await newProvider(tenant)
  const { tenantId } = tenant
  const at = new Date('2026-03-05T09:00:00Z')
  const later = new Date('2026-03-06T09:00:00Z')
  const rows = ['one', 'three', 'two'].map((externalId) => ({
    providerId,
    tenantId,
    externalId,
    reason: 'The event has no start and end of one kind.',
    rawSize: 300,
    firstSeenAt: at,
    lastSeenAt: at,
  }))
  await api.database.tenant(tenantId, async (db) => {
    await saveQuarantined(db, rows)
    await saveQuarantined(
      db,
      rows.slice(0, 1).map((row) => ({ ...row, firstSeenAt: later, lastSeenAt: later })),
    )
  })
  const path = `/providers/${providerId}/quarantine`
  const first = await tenant.call('GET', `${path}?limit=2`)
  expect(first.body.items.map((item: { externalId: string }) => item.externalId)).toEqual(['one', 'three'])
  expect(first.body.items[0]).toEqual({
    externalId: 'one',
    reason: 'The event has no start and end of one kind.',
    rawSize: 300,
    firstSeenAt: at.toISOString(),
    lastSeenAt: later.toISOString(),
  })
  const rest = await tenant.call('GET', `${path}?limit=2&cursor=${first.body.nextCursor}`)
  expect(rest.body).toMatchObject({ items: [{ externalId: 'two' }], nextCursor: null })
  expect((await tenant.call('GET', `${path}?cursor=nonsense`)).status).toBe(400)

  await api.database.tenant(tenantId, (db) => freeQuarantined(db, providerId, ['one', 'two', 'three']))
  expect((await tenant.call('GET', path)).body).toEqual({ items: [], nextCursor: null })
  const stranger = await api.newTenant()
  expect((await stranger.call('GET', path)).status).toBe(403)
})
