import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emit, type OutboxType } from '../../db/outbox.ts'
import { sequence, unsequencedTenants } from '../../db/sequence.ts'
import { insertTenant } from '../../db/tenants.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const at = new Date('2026-03-01T00:00:00Z')

async function newTenant(): Promise<string> {
  const tenantId = randomUUID()
  await database.tenant(tenantId, (db) => insertTenant(db, { tenantId, name: tenantId, createdAt: at }))
  return tenantId
}
const event = (tenantId: string, type: OutboxType = 'SCHEDULE_ENTRY_UPDATED') => {
  const id = randomUUID()
  return { id, tenantId, type, subjectId: randomUUID(), data: { entryId: randomUUID() }, at }
}
async function happen(tenantId: string, type?: OutboxType): Promise<string> {
  const happened = event(tenantId, type)
  await database.tenant(tenantId, (db) => emit(db, [happened]))
  return happened.id
}
const sequenced = (tenantId: string, limit = 100) =>
  database.tenant(tenantId, (db) => sequence(db, tenantId, at, limit))
const positions = async (tenantId: string) => {
  const rows = await database.owner<{ id: string; position: string }[]>`
    select id, position from outbox where tenant_id = ${tenantId} and position is not null order by position`
  return rows.map(({ id, position }) => [id, Number(position)])
}

test('events get positions in the order of their writing, without gaps, and keep them', async () => {
  const tenantId = await newTenant()
  const ids = [await happen(tenantId), await happen(tenantId), await happen(tenantId)]
  expect(await sequenced(tenantId, 2)).toMatchObject({ sequenced: 2 })
  expect(await sequenced(tenantId, 2)).toMatchObject({ sequenced: 1 })
  expect(await sequenced(tenantId, 2)).toMatchObject({ sequenced: 0 })
  expect(await positions(tenantId)).toEqual(ids.map((id, place) => [id, place + 1]))
})

test('what commits late comes after what was read before it: a reader that resumes by position skips nothing', async () => {
  const tenantId = await newTenant()
  const late = event(tenantId)
  let early = ''
  await database.tenant(tenantId, async (db) => {
    await emit(db, [late])
    early = await happen(tenantId)
    await sequenced(tenantId)
    expect(await positions(tenantId)).toEqual([[early, 1]])
  })
  await sequenced(tenantId)
  expect(await positions(tenantId)).toEqual([
    [early, 1],
    [late.id, 2],
  ])
})

test('many sequencers at once give each event one position and no position twice', async () => {
  const tenantId = await newTenant()
  for (let number = 0; number < 40; number++) await happen(tenantId)
  const found = await Promise.all(Array.from({ length: 8 }, () => sequenced(tenantId, 7)))
  let total = found.reduce((sum, one) => sum + one.sequenced, 0)
  while (total < 40) total += (await sequenced(tenantId, 7)).sequenced
  expect((await positions(tenantId)).map(([, position]) => position)).toEqual(
    Array.from({ length: 40 }, (_, place) => place + 1),
  )
})

test('a sequencer that dies leaves nothing half done', async () => {
  const tenantId = await newTenant()
  const id = await happen(tenantId)
  await expect(
    database.tenant(tenantId, async (db) => {
      await sequence(db, tenantId, at, 10)
      throw new Error('it dies here')
    }),
  ).rejects.toThrow('it dies here')
  expect(await positions(tenantId)).toEqual([])
  await sequenced(tenantId)
  expect(await positions(tenantId)).toEqual([[id, 1]])
})

test("each tenant counts its own, and a tenant's sequencer sees no other's events", async () => {
  const [ours, theirs] = [await newTenant(), await newTenant()]
  const [one, other] = [await happen(ours), await happen(theirs)]
  expect(await database.system((db) => unsequencedTenants(db, 100))).toEqual(
    expect.arrayContaining([ours, theirs]),
  )
  await sequenced(ours)
  expect([await positions(ours), await positions(theirs)]).toEqual([[[one, 1]], []])
  await sequenced(theirs)
  expect(await positions(theirs)).toEqual([[other, 1]])
  expect(await database.system((db) => unsequencedTenants(db, 100))).not.toContain(ours)
})
