import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'
import { connect, type Database } from '../../db/connection.ts'
import { migrate } from '../../db/migrate.ts'

export interface TestDatabase extends Database {
  /** The owner's URL: what the product is given. */
  url: string
  /** A connection of the owner, to look at what no role may hide. */
  owner: postgres.Sql
}

/** A migrated database of its own, on the run's server or the one that is named; drop it with `close`. */
export async function testDatabase(named?: string): Promise<TestDatabase> {
  const server = named ?? inject('postgresUrl')
  const migrated = named === undefined ? inject('migratedDatabase') : undefined
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await admin.unsafe(`create database ${name}${migrated === undefined ? '' : ` template ${migrated}`}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  if (migrated === undefined) await migrate(url.toString())
  const owner = postgres(url.toString(), { max: 2, onnotice: () => {} })
  const database = connect(url.toString())
  return {
    ...database,
    url: url.toString(),
    owner,
    async close() {
      await database.close()
      await owner.end()
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}
