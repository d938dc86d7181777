import { listConflicts, type Conflict } from '../../db/conflicts.ts'
import { listMappings, type Mapping } from '../../db/mappings.ts'
import type { Provider } from '../../db/providers.ts'
import type { ScheduleEntry } from '../../db/schedule-entries.ts'
import { flowsIn, flowsOut } from '../../domain/policy.ts'
import type { TrueEvent } from '../support/sandbox-control.ts'
import { schedule, tokenOf, type Play, type Thing } from './play.ts'
import { assigneesIn, entriesOf } from './schedule.ts'

/** How everything stands when the dust has settled, with the questions that are asked of it. */
export interface Outcome {
  play: Play
  entries: ScheduleEntry[]
  /** Every title that each entry ever had. */
  titles: Map<string, Set<string>>
  assignees: Map<string, string[]>
  events: Map<string, TrueEvent[]>
  mappings: Mapping[]
  conflicts: Conflict[]
}

export async function outcomeOf(play: Play): Promise<Outcome> {
  const { world, tenantId, providers } = play
  const entries = await entriesOf(play)
  const { mappings, conflicts } = await world.database.tenant(tenantId, async (db) => ({
    mappings: await listMappings(db, { limit: 5_000 }),
    conflicts: await listConflicts(db, { state: 'open', limit: 500 }),
  }))
  const titles = new Map(entries.map((entry) => [entry.id, new Set<string>()]))
  const versions = await world.database.owner<{ id: string; title: string }[]>`
    select entry_id as id, content->>'title' as title from entry_versions where tenant_id = ${tenantId}`
  for (const { id, title } of versions) titles.get(id)?.add(title)
  const events = new Map<string, TrueEvent[]>()
  for (const { id, vendor, accountEmail } of providers) {
    events.set(id, await world.control.events(vendor, accountEmail ?? ''))
  }
  return { play, entries, titles, assignees: await assigneesIn(play, entries), events, mappings, conflicts }
}

export const copiesIn = ({ events }: Outcome, providerId: string, { token }: Thing): TrueEvent[] =>
  (events.get(providerId) ?? []).filter((event) => tokenOf(event.title) === token)

export const entriesFor = ({ entries }: Outcome, { token }: Thing): ScheduleEntry[] =>
  entries.filter((entry) => tokenOf(entry.content.title) === token)

export const livingEntryOf = (outcome: Outcome, thing: Thing): ScheduleEntry | undefined =>
  entriesFor(outcome, thing).find((entry) => entry.deletedAt === null)

export function conflictsOf(outcome: Outcome, thing: Thing): Conflict[] {
  const ids = new Set(entriesFor(outcome, thing).map((entry) => entry.id))
  return outcome.conflicts.filter((conflict) => ids.has(conflict.entryId))
}

export const touchesOf = (thing: Thing, kind: Thing['touches'][number]['kind']) =>
  thing.touches.filter((touch) => touch.kind === kind)

export const wasAssigned = (thing: Thing): boolean => touchesOf(thing, 'assigned').length > 0

/** Whether what is done there may change the schedule. */
export function reachesSchedule({ play: { providers } }: Outcome, site: string): boolean {
  if (site === schedule) return true
  const provider = providers.find((candidate) => candidate.id === site)
  return provider !== undefined && flowsIn(provider.direction)
}

/** Whether a calendar should hold our copy of a thing that is not its own. */
export const takesCopies = (provider: Provider, thing: Thing, assignees: string[]): boolean =>
  flowsOut(provider.direction) && !thing.homes.includes(provider.id) && assignees.includes(provider.memberId)
