import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeLease } from '../../db/cursors.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const provider = { id: randomUUID(), tenantId: randomUUID() }
const take = (holder: string) => database.tenant(provider.tenantId, (db) => takeLease(db, provider, holder))
const holder = fileURLToPath(new URL('../support/holds-lease.ts', import.meta.url))

/** Stops the process again and again until the server sees it where we want it. */
async function freezeIn(child: ChildProcess, state: string): Promise<void> {
  for (;;) {
    child.kill('SIGSTOP')
    const [seen] = await database.owner<{ state: string }[]>`
      select state from pg_stat_activity where application_name = 'calendar-sync' and datname = current_database()
        and xact_start is not null and wait_event = 'ClientRead'`
    if (seen?.state === state) return
    child.kill('SIGCONT')
  }
}

test.each([
  ['between two statements', 'idle in transaction'],
  ['between the messages of one statement', 'active'],
])('the lease of a process that froze inside a transaction, %s, can be taken', async (_where, state) => {
  const { leaseEpoch } = await take('first')
  const child = fork(holder, [database.url, provider.tenantId, provider.id, String(leaseEpoch)], {
    stdio: 'ignore',
  })
  await once(child, 'message')
  await freezeIn(child, state)
  expect((await take('second')).leaseEpoch).toBe(leaseEpoch + 1)
  child.kill('SIGKILL')
})
