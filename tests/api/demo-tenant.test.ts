import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { ensureDemoTenant, type DemoTenant } from '../../scripts/demo-tenant.ts'
import { freePort } from '../../scripts/parts/ports.ts'
import { ask, operatorKey, runningApi, type RunningApi } from './running-api.ts'

let api: RunningApi
let sandbox: Sandbox
let dataDir: string
let url: string
let first: DemoTenant

const again = () => ensureDemoTenant({ api: url, sandbox }, { dataDir, operatorKey })

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'demo-tenant-'))
  sandbox = await startSandbox()
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  api = await runningApi({ publicUrl: url, sandboxUrl: sandbox.url })
  await api.app.listen({ port, host: '127.0.0.1' })
  first = await again()
})
afterAll(async () => {
  await api.close()
  await sandbox.close()
  await rm(dataDir, { recursive: true })
})

const get = (path: string) =>
  ask(api.app, { url: `/api/v1${path}`, headers: { authorization: `Bearer ${first.apiKey}` } })

test('the demo is a tenant with both vendors connected, through the same doors as anybody', async () => {
  expect(first.firstTime).toBe(true)
  const { body } = await get('/providers')
  expect(
    body.items.map((provider: Record<string, unknown>) => [
      provider['vendor'],
      provider['accountEmail'],
      provider['authorization'],
    ]),
  ).toEqual([
    ['google', 'dana@gmail.example', 'connected'],
    ['microsoft', 'dana@outlook.example', 'connected'],
  ])
})

test('a second start finds everything there and keeps the key', async () => {
  const second = await again()
  expect(second).toMatchObject({ tenantId: first.tenantId, apiKey: first.apiKey, firstTime: false })
  expect((await get('/providers')).body.items).toHaveLength(2)
  expect((await get('/members')).body.items).toHaveLength(1)
})

test('a key that was lost is made anew', async () => {
  await rm(join(dataDir, 'demo.json'))
  const third = await again()
  expect(third.tenantId).toBe(first.tenantId)
  expect(third.apiKey).not.toBe(first.apiKey)
})

test('the demo calendar lies around today: timed, all-day, a series and a moved occurrence', async () => {
  const answer = await fetch(`${sandbox.control}/accounts/dana@gmail.example/events?vendor=google`)
  const { items } = (await answer.json()) as { items: { start: string }[] }
  expect(items.length).toBeGreaterThanOrEqual(12)
  const nearest = Math.min(...items.map((event) => Math.abs(Date.parse(event.start) - Date.now())))
  expect(nearest).toBeLessThan(4 * 86_400_000)
})

test('the account lists its calendars once it is connected', async () => {
  const [google] = (await get('/providers')).body.items
  const { body } = await get(`/providers/${google.id}/calendars`)
  expect(body.items[0]).toMatchObject({ isPrimary: true, canWrite: true, timeZone: 'Europe/Berlin' })
})
