import postgres from 'postgres'
import { connect, type Database } from '../../db/connection.ts'
import { migrate } from '../../db/migrate.ts'

export interface BenchDatabase {
  /** As the product sees it. */
  database: Database
  /** A connection of the schema's owner, whom no row policy concerns. */
  owner: postgres.Sql
  drop(): Promise<void>
}

/** Fresh databases, each a copy of one migrated template. */
export async function databases(postgresUrl: string) {
  const urlOf = (name: string): string => Object.assign(new URL(postgresUrl), { pathname: `/${name}` }).href
  const admin = postgres(postgresUrl, { max: 1, onnotice: () => {} })
  await admin`create database bench_template`
  await migrate(urlOf('bench_template'))
  let made = 0
  return {
    async fresh(): Promise<BenchDatabase> {
      const name = `bench_${++made}`
      await admin`create database ${admin(name)} template bench_template`
      const database = connect(urlOf(name))
      const owner = postgres(urlOf(name), { max: 1, onnotice: () => {} })
      await owner`select 1`
      return {
        database,
        owner,
        async drop() {
          await Promise.all([database.close(), owner.end()])
          await admin`drop database ${admin(name)} with (force)`
        },
      }
    },
    close: () => admin.end(),
  }
}
