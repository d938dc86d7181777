import { sql, type SQL } from 'drizzle-orm'

/** What stands in place of words, as `redacted` has it. */
export const wordless = JSON.stringify({ title: 'Busy', body: '', location: '' })

export const hasWords = (content: SQL): SQL => sql`(not (${content} @> ${wordless}::jsonb))`
