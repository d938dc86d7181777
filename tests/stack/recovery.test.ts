import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import { clearDataDir, openDataDir } from '../../scripts/parts/data-dir.ts'
import { startPostgres } from '../../scripts/parts/postgres.ts'
import type { Part } from '../../scripts/parts/process.ts'
import { startTemporal, type RunningTemporal } from '../../scripts/parts/temporal-server.ts'
import { temporaryFolder } from './temporary.ts'

async function killOutright(part: Part | null): Promise<void> {
  if (!part) throw new Error('nothing of ours runs')
  process.kill(part.pid, 'SIGKILL')
  await part.exited
}

test('kill -9 of PostgreSQL, then start, recovers what was committed', async () => {
  const dataDir = temporaryFolder()
  const first = await startPostgres({ dataDir })
  const before = postgres(first.url, { max: 1 })
  await before`create table kept as select 42 as answer`
  await killOutright(first.part)
  await before.end({ timeout: 0 })

  const second = await startPostgres({ dataDir })
  expect(second.url).toBe(first.url)
  const after = postgres(second.url, { max: 1 })
  expect(await after`select answer from kept`).toMatchObject([{ answer: 42 }])
  await after.end()
  await second.stop()
}, 30_000)

test('a PostgreSQL left behind by a killed parent is ended before the next one starts', async () => {
  const dataDir = temporaryFolder()
  const left = await startPostgres({ dataDir })
  const next = await startPostgres({ dataDir })
  await left.part?.exited
  expect(next.part?.pid).not.toBe(left.part?.pid)
  await next.stop()
}, 30_000)

test.runIf(process.getuid?.() === 0)(
  'below a folder that only root may enter, data is kept where PostgreSQL may read it, and a reset removes it',
  async () => {
    const dataDir = join(temporaryFolder(), 'data')
    openDataDir(dataDir)
    const database = await startPostgres({ dataDir })
    await database.stop()
    const kept = realpathSync(join(dataDir, 'postgres'))
    expect(kept).not.toContain(dataDir)
    clearDataDir(dataDir)
    expect(existsSync(kept)).toBe(false)
  },
  30_000,
)

test('kill -9 of Temporal, then start, recovers its workflows and serves the search attributes', async () => {
  const dataDir = temporaryFolder()
  const first = await startTemporal({ dataDir })
  await withClient(first, (client) =>
    client.workflow.start('nobodyWorksOnIt', { workflowId: 'kept', taskQueue: 'none' }),
  )
  await killOutright(first.part)

  const second = await startTemporal({ dataDir })
  await withClient(second, async (client) => {
    const { status } = await client.workflow.getHandle('kept').describe()
    expect(status.name).toBe('RUNNING')
    const count = await client.workflow.count('Phase = "connected" AND TenantId = "none"')
    expect(count.count).toBe(0)
  })
  await second.stop()
}, 30_000)

async function withClient<T>(server: RunningTemporal, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address })
  try {
    return await work(new Client({ connection, namespace: server.namespace }))
  } finally {
    await connection.close()
  }
}
