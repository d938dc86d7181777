import type { Cause } from '../db/schedule-entries.ts'

/** Who changes an entry, and when: one request. */
export interface EntryAuthor {
  tenantId: string
  cause: Cause
  now: Date
}
