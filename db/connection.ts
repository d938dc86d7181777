import { sql, type SQL } from 'drizzle-orm'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as tables from './tables.ts'

/** A connection pool or a transaction alike: what every query takes. */
export type Db = Pick<
  PostgresJsDatabase<typeof tables>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'
>

export interface Database {
  /** Runs work that sees one tenant's rows only, in one transaction. */
  tenant<T>(tenantId: string, work: (db: Db) => Promise<T>): Promise<T>
  /** Runs work that comes before a tenant is known or walks the fleet, in one transaction. */
  system<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** One connection of its own, for temporary tables that outlive a transaction. Whoever asks for it closes it. */
  apart(): Database
  close(): Promise<void>
}

/** A process that froze inside a transaction holds its locks: the server ends it, and whoever waits goes on. No vendor is ever waited for inside one. */
const abandonedAfterMs = 5_000
/** One that froze between the messages of a statement is not idle to the server: a bound on the whole, from PostgreSQL 17 on, ends it. */
export const endAfter = (
  seconds: number,
): SQL => sql`case when current_setting('server_version_num')::int >= 170000
  then set_config('transaction_timeout', ${`${seconds}s`}, true) end`
const transactionTimeout = endAfter(15)

/** Connects as the application's role, which owns nothing. `url` is the connection of the schema's owner. */
export function connect(url: string, options: { poolSize?: number } = {}): Database {
  const client = postgres(url, {
    max: options.poolSize ?? 10,
    onnotice: () => {},
    connection: {
      role: 'calendar_app',
      application_name: 'calendar-sync',
      idle_in_transaction_session_timeout: abandonedAfterMs,
    },
  })
  prepareFewParameters(client)
  const db = drizzle(client, { schema: tables })
  return {
    tenant: (tenantId, work) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`select set_config('app.tenant_id', ${tenantId}, true), ${transactionTimeout}`)
        return work(tx)
      }),
    system: (work) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`select set_config('role', 'calendar_system', true), ${transactionTimeout}`)
        return work(tx)
      }),
    apart: () => connect(url, { poolSize: 1 }),
    close: () => client.end({ timeout: 5 }),
  }
}

/** More parameters are a list of some length: every length is another statement, and the server would keep them all. */
const preparedParametersMax = 16

/**
 * Statements inside transactions are parsed and planned once a connection, not each time: Drizzle hands them over as text,
 * which postgres.js does not prepare by itself. It halves the time of a small transaction, for it saves a round trip too.
 */
function prepareFewParameters(client: postgres.Sql): void {
  const begin = client.begin.bind(client)
  const within: typeof client.begin = (...given: unknown[]) => {
    const work = given.pop()
    const options = given.map(String)
    if (typeof work !== 'function') throw new TypeError('A transaction needs its work.')
    return begin(options.join(' '), (transaction) => {
      const unsafe = transaction.unsafe.bind(transaction)
      transaction.unsafe = (query, parameters = [], wish = {}) =>
        unsafe(query, parameters, {
          prepare: parameters.length > 0 && parameters.length <= preparedParametersMax,
          ...wish,
        })
      return work(transaction)
    })
  }
  client.begin = within
}
