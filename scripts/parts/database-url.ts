import postgres from 'postgres'

/** Raised when the database somebody named cannot be used; its message says what is wrong and never the password. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable'
}

/** Connects once, so that a wrong DATABASE_URL is one sentence at the start and not a stack trace later. */
export async function checkDatabaseUrl(databaseUrl: string): Promise<void> {
  if (!URL.canParse(databaseUrl) || !/^postgres(ql)?:$/.test(new URL(databaseUrl).protocol)) {
    throw new DatabaseUnusable(
      'DATABASE_URL is not a PostgreSQL URL. Write it as postgres://user:password@host:5432/database.',
    )
  }
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    await sql`select 1`
  } catch (error) {
    throw new DatabaseUnusable(explain(new URL(databaseUrl), error as { code?: string; message: string }))
  } finally {
    await sql.end({ timeout: 1 })
  }
}

function explain(url: URL, error: { code?: string; message: string }): string {
  const host = `${url.hostname}:${url.port || 5432}`
  const database = url.pathname.slice(1) || url.username
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `DATABASE_URL names the host ${url.hostname}, and no such host is known. Check the name.`
    case 'ECONNREFUSED':
      return `DATABASE_URL points at ${host}, and nothing listens there. Start PostgreSQL, or correct host and port.`
    case 'CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `DATABASE_URL points at ${host}, and it did not answer within 5 s. Check the host, the port and any firewall between.`
    case '28P01':
    case '28000':
      return `DATABASE_URL: the server at ${host} refuses user "${url.username}" (wrong password, or the user may not log in).`
    case '3D000':
      return `DATABASE_URL: the server at ${host} has no database "${database}". Create it: createdb -h ${url.hostname} -p ${url.port || 5432} -U ${url.username} ${database}`
    case undefined:
    default:
      return `DATABASE_URL: connecting to ${host} as "${url.username}" failed: ${error.message}`
  }
}
