import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../db/migrate.ts'
import { startPostgres } from '../../scripts/parts/postgres.ts'
import { startTemporal } from '../../scripts/parts/temporal-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
    /** A database of that server to copy, which is faster than to migrate each anew. */
    migratedDatabase?: string
    temporalAddress: string
    temporalUi: string
  }
}

/** One real PostgreSQL and one real Temporal server for the whole run; each file makes its own database and queues. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join('/tmp', 'calendar-sync-test-'))
  const [server, temporal] = await Promise.all([
    startPostgres({ dataDir, isForgetful: true }),
    startTemporal({ dataDir }),
  ])
  project.provide('postgresUrl', server.url)
  project.provide('migratedDatabase', await makeMigrated(server.url))
  project.provide('temporalAddress', temporal.address)
  project.provide('temporalUi', temporal.ui ?? '')
  return async () => {
    await Promise.all([temporal.stop(), server.stop()])
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Nobody may be connected to a database that is copied: it is not the one that tests come in by. */
async function makeMigrated(server: string): Promise<string> {
  const name = 'migrated'
  const admin = postgres(server, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  await migrate(url.toString())
  return name
}
