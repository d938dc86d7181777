import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEnvelope, KeyMismatch } from '../../db/envelope.ts'
import { insertMember, listMembers } from '../../db/members.ts'
import { migrate } from '../../db/migrate.ts'
import { insertTenant, findTenant } from '../../db/tenants.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
const [ours, theirs] = [randomUUID(), randomUUID()]
const createdAt = new Date('2026-01-01T00:00:00Z')

beforeAll(async () => {
  database = await testDatabase()
  for (const [tenantId, name] of [
    [ours, 'Ours'],
    [theirs, 'Theirs'],
  ] as const) {
    await database.tenant(tenantId, async (db) => {
      await insertTenant(db, { tenantId, name, createdAt })
      await insertMember(db, {
        id: randomUUID(),
        tenantId,
        email: 'x@y.example',
        name,
        active: true,
        createdAt,
      })
    })
  }
})
afterAll(() => database.close())

test('every table is behind row-level security and carries a tenant', async () => {
  const tables = await database.owner<{ name: string; secured: boolean; policies: number; tenant: number }[]>`
    select c.relname as name, c.relrowsecurity as secured,
      (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies,
      (select count(*)::int from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) as tenant
    from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`
  expect(tables.length).toBeGreaterThan(15)
  for (const table of tables) expect(table).toMatchObject({ secured: true, policies: 2, tenant: 1 })
})

test('no column has a clock or chance for a default', async () => {
  const defaults = await database.owner<{ column_default: string }[]>`
    select column_default from information_schema.columns
    where table_schema = 'public' and column_default is not null and column_default not like 'nextval(%'`
  expect(defaults).toEqual([])
})

test('the application’s role owns nothing', async () => {
  const owned = await database.owner`
    select c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in ('calendar_app', 'calendar_system')`
  expect(owned).toEqual([])
})

describe('a tenant’s transaction', () => {
  test('sees its own rows alone', async () => {
    expect(await database.tenant(ours, (db) => listMembers(db))).toHaveLength(1)
    expect(await database.tenant(ours, (db) => findTenant(db, theirs))).toBeUndefined()
  })

  test('cannot write a row of another', async () => {
    const member = {
      id: randomUUID(),
      tenantId: theirs,
      email: 'z@y.example',
      name: 'Z',
      active: true,
      createdAt,
    }
    await expect(database.tenant(ours, (db) => insertMember(db, member))).rejects.toMatchObject({
      cause: { message: expect.stringContaining('row-level security') as string },
    })
  })

  test('leaves nothing of its tenant on the connection', async () => {
    await database.tenant(ours, (db) => listMembers(db))
    const rows = await Promise.all(
      Array.from({ length: 20 }, () =>
        database.system((db) => db.execute(sql`set local role calendar_app`).then(() => listMembers(db))),
      ),
    )
    expect(rows.flat()).toEqual([])
  })
})

test('several processes may migrate at once', async () => {
  await expect(
    Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]),
  ).resolves.toBeDefined()
})

describe('a sealed secret', () => {
  const [old, fresh] = [
    'b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w=',
    'bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU=',
  ]
  test('opens under any configured key, in its own place only', () => {
    const sealed = createEnvelope([old]).seal('token', 'here')
    expect(sealed).not.toContain('token')
    expect(createEnvelope([fresh, old]).open(sealed, 'here')).toBe('token')
    expect(() => createEnvelope([old]).open(sealed, 'there')).toThrow(KeyMismatch)
  })
  test('under a lost key is a fault of its own kind, never a token', () => {
    const sealed = createEnvelope([old]).seal('token', 'here')
    expect(() => createEnvelope([fresh]).open(sealed, 'here')).toThrow(KeyMismatch)
  })
})
