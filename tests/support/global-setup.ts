import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../scripts/parts/postgres.ts'
import { startTemporal } from '../../scripts/parts/temporal-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
    temporalAddress: string
    temporalUi: string
  }
}

/** One real PostgreSQL and one real Temporal server for the whole run; each file makes its own database and queues. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join('/tmp', 'calendar-sync-test-'))
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dataDir, isForgetful: true }),
    startTemporal({ dataDir }),
  ])
  project.provide('postgresUrl', postgres.url)
  project.provide('temporalAddress', temporal.address)
  project.provide('temporalUi', temporal.ui ?? '')
  return async () => {
    await Promise.all([temporal.stop(), postgres.stop()])
    await rm(dataDir, { recursive: true, force: true })
  }
}
