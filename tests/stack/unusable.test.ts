import { expect, test } from 'vitest'
import { checkDatabaseUrl } from '../../scripts/parts/database-url.ts'
import { freePort } from '../../scripts/parts/ports.ts'
import { startPostgres } from '../../scripts/parts/postgres.ts'
import { startTemporal } from '../../scripts/parts/temporal-server.ts'
import { temporaryFolder } from './temporary.ts'

test('a wrong DATABASE_URL is one clear message that never holds the password', async () => {
  const port = await freePort()
  const dataDir = temporaryFolder()
  const problem = (databaseUrl: string) =>
    startPostgres({ dataDir, databaseUrl }).then(
      () => 'none',
      (error: Error) => error.message,
    )

  const unreachable = await problem(`postgres://me:hunter2@127.0.0.1:${port}/calendars`)
  expect(unreachable).toContain(`points at 127.0.0.1:${port}, and nothing listens there`)
  expect(unreachable).not.toContain('hunter2')
  expect(await problem('postgres://me:hunter2@no-such-host.invalid/calendars')).toContain(
    'no such host is known',
  )
  expect(await problem('mysql://me@db/calendars')).toContain('is not a PostgreSQL URL')
})

test('a wrong password and a missing database are told apart', async () => {
  const database = await startPostgres({ dataDir: temporaryFolder() })
  try {
    const wrongPassword = new URL(database.url)
    wrongPassword.password = 'hunter2'
    await expect(checkDatabaseUrl(wrongPassword.href)).rejects.toThrow('refuses user "postgres"')
    const missing = new URL(database.url)
    missing.pathname = '/nothing_here'
    await expect(checkDatabaseUrl(missing.href)).rejects.toThrow('has no database "nothing_here"')
    await expect(checkDatabaseUrl(database.url)).resolves.toBeUndefined()
  } finally {
    await database.stop()
  }
}, 30_000)

test('an unreachable TEMPORAL_ADDRESS is one clear message', async () => {
  const address = `127.0.0.1:${await freePort()}`
  await expect(startTemporal({ dataDir: temporaryFolder(), address })).rejects.toThrow(
    `TEMPORAL_ADDRESS is ${address}, and no Temporal server answered there (nothing listens at ${address})`,
  )
})
