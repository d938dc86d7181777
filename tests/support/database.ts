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
export async function testDatabase(server = inject('postgresUrl')): Promise<TestDatabase> {
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await admin.unsafe(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  await migrate(url.toString())
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
