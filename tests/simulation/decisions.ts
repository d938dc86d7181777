import { refreshConflict, resolveConflict, SidesMoved, type Decision } from '../../api/conflict-resolution.ts'
import { listConflicts, type Conflict } from '../../db/conflicts.ts'
import { findEntries } from '../../db/schedule-entries.ts'
import { differingFields, type FieldChoices } from '../../domain/resolve.ts'
import { nameOf, schedule, touch, type Play } from './play.ts'
import { tell } from './schedule.ts'

/** A person decides an open conflict: for one side or the other, or field by field. */
export async function decideConflict(play: Play): Promise<void> {
  const { story, world, tenantId } = play
  const [conflict, title] = (await pickConflict(play)) ?? []
  if (!conflict || title === undefined) return
  const { resolution, fields } = decisionOf(play, conflict)
  const chosen = Object.entries(fields).map(([field, side]) => `${field} of the ${side}`)
  const how = resolution === 'merge' ? `merged: ${chosen.join(', ')}` : `decided for the ${resolution}`
  story.push(`the conflict of ${title} in ${nameOf(play, conflict.providerId)} is ${how}`)
  const reviewed = { entryVersion: conflict.entryVersion, externalRevision: conflict.externalRevision }
  const author = { tenantId, cause: { kind: 'session' as const }, now: world.deps.now() }
  const done = await world.database
    .tenant(tenantId, (db) =>
      resolveConflict(db, world.deps, author, conflict.id, { resolution, fields, reviewed }),
    )
    .catch(async (error: unknown) => {
      if (!(error instanceof SidesMoved)) throw error
      await world.database.tenant(tenantId, (db) => refreshConflict(db, conflict.id))
    })
  if (!done) return void story.push('  a side has moved on since: it is shown anew')
  await tell(play, done.flipped)
  const overruled = overruledTitle(conflict, resolution, fields)
  touch(play, title, { site: schedule, kind: 'decided', ...(overruled !== undefined && { overruled }) })
}

/** One of the open conflicts, with its entry's title. */
async function pickConflict({ world, tenantId, chance }: Play): Promise<[Conflict, string] | undefined> {
  const open = await world.database.tenant(tenantId, async (db) => {
    const conflicts = await listConflicts(db, { state: 'open', limit: 500 })
    const ids = conflicts.map(({ entryId }) => entryId)
    const titles = new Map((await findEntries(db, ids)).map(({ id, content }) => [id, content.title]))
    return conflicts.map((conflict): [Conflict, string] => {
      const title = titles.get(conflict.entryId)
      if (title === undefined) throw new Error('A conflict has no entry.')
      return [conflict, title]
    })
  })
  if (open.length === 0) return undefined
  const orderOf = ([{ providerId }, title]: [Conflict, string]) => `${title} ${providerId}`
  return chance.pick(open.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)))
}

type Decided = Pick<Decision, 'resolution' | 'fields'>

function decisionOf({ chance }: Play, { schedule: ours, external: theirs }: Conflict): Decided {
  if (!ours || !theirs || chance.below(3) > 0) {
    return { resolution: chance.pick(['schedule', 'external']), fields: {} }
  }
  const fields: FieldChoices = {}
  for (const field of differingFields(ours, theirs)) fields[field] = chance.pick(['schedule', 'external'])
  return { resolution: 'merge', fields }
}

/** The title that was reviewed and did not win, when the sides differ in it. */
function overruledTitle(
  { schedule: ours, external: theirs }: Conflict,
  resolution: Decision['resolution'],
  fields: FieldChoices,
): string | undefined {
  if (!ours || !theirs || ours.title === theirs.title) return undefined
  const winner = resolution === 'merge' ? fields.title : resolution
  return winner === 'external' ? ours.title : theirs.title
}
