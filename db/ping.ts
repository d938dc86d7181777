import { sql } from 'drizzle-orm'
import type { Db } from './connection.ts'

/** Whether the database answers. */
export async function ping(db: Db): Promise<void> {
  await db.execute(sql`select 1`)
}
