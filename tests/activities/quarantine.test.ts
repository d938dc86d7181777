import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listQuarantined } from '../../db/quarantine.ts'
import { calendarUnder, readProvider } from '../support/policy-scene.ts'
import { createWorld, makeTenant, settle, type World } from '../support/world.ts'

let world: World
let broken: Broken
beforeAll(async () => {
  world = await createWorld()
  broken = await breaking(world.sandbox.url)
})
afterAll(async () => {
  await broken.close()
  await world.close()
})

test('an item that nobody can read waits alone, is listed, and is synced once the vendor sends it well', async () => {
  const tenant = await makeTenant(world)
  const one = await calendarUnder(world, 'google', {}, tenant)
  await world.database.owner`
    update oauth_clients set endpoints = endpoints || ${world.database.owner.json({ api: broken.url })}
    where tenant_id = ${tenant.tenantId} and vendor = 'google'`
  const provider = (await readProvider(world, one.provider)) ?? one.provider
  const listed = () =>
    world.database.tenant(tenant.tenantId, (db) =>
      listQuarantined(db, { providerId: provider.id, limit: 100 }),
    )

  await one.create({ title: 'Visit' })
  const { id } = await one.create({ title: 'Malformed' }, 12)
  broken.title = 'Malformed'
  await settle(world, provider)
  expect(await one.scene.titlesOf(tenant)).toEqual(['Visit'])
  const [item, ...others] = await listed()
  expect(others).toEqual([])
  expect(item).toMatchObject({ externalId: id, reason: expect.stringContaining('no start and end') })
  expect(item?.rawSize).toBeGreaterThan(100)

  await one.change(id, { body: 'Still malformed' })
  await settle(world, provider)
  const [again] = await listed()
  expect(again?.firstSeenAt).toEqual(item?.firstSeenAt)
  expect(again?.lastSeenAt.getTime()).toBeGreaterThan(item?.lastSeenAt.getTime() ?? 0)

  broken.title = null
  await one.change(id, { title: 'Mended' })
  await settle(world, provider)
  expect(await listed()).toEqual([])
  expect(await one.scene.titlesOf(tenant)).toEqual(['Mended', 'Visit'])
})

interface Broken {
  url: string
  /** Events of this title are sent without an end. */
  title: string | null
  close(): Promise<unknown>
}

/** The vendor, but what it lists of one event cannot be read. */
async function breaking(origin: string): Promise<Broken> {
  const server: Server = createServer((request, response) => {
    const pass = async () => {
      const answer = await fetch(`${origin}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: { authorization: request.headers.authorization ?? '' },
      })
      const text = await answer.text()
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(JSON.parse(text), withoutEnd))
    }
    void pass().catch(() => response.destroy())
  })
  const withoutEnd = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'summary' in value && value.summary === broken.title
      ? { ...value, end: undefined }
      : value
  const broken: Broken = { url: '', title: null, close: async () => server.close() }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  broken.url = `http://127.0.0.1:${address.port}`
  return broken
}
