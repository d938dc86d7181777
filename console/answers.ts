import type { Static } from 'typebox'
import type * as entrySchemas from '../api/entry-schemas.ts'
import type * as healthSchemas from '../api/health-schemas.ts'
import type * as schemas from '../api/schemas.ts'

/** What the API answers, by the schemas it checks its answers against. */
export type Provider = Static<typeof schemas.Provider>
export type NewProvider = Static<typeof schemas.NewProvider>
export type Run = Static<typeof schemas.Run>
export type Entry = Static<typeof entrySchemas.Entry>
export type Mapping = Static<typeof schemas.Mapping>
export type Member = Static<typeof schemas.Member>
export type Tenant = Static<typeof schemas.Tenant>
export type Integration = Static<typeof schemas.Integration>
export type Problem = Static<typeof schemas.ProblemDetails>
export type BackgroundHealth = Static<typeof healthSchemas.BackgroundHealth>
export type Vendor = Provider['vendor']

export interface List<T> {
  items: T[]
  nextCursor: string | null
}
