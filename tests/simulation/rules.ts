import type { Mapping } from '../../db/mappings.ts'
import { sameContent } from '../../domain/event.ts'
import { flowsIn, flowsOut } from '../../domain/policy.ts'
import {
  conflictsOf,
  copiesIn,
  entriesFor,
  livingEntryOf,
  reachesSchedule,
  takesCopies,
  touchesOf,
  wasAssigned,
  type Outcome,
} from './outcome.ts'
import { nameOf, schedule, type Thing } from './play.ts'

/** What must hold of one thing at rest; answers the sentences that are not true. */
export function brokenRules(outcome: Outcome, thing: Thing): string[] {
  return [
    ...twice(outcome, thing),
    ...lost(outcome, thing),
    ...resurrected(outcome, thing),
    ...words(outcome, thing),
    ...needlessConflicts(outcome, thing),
    ...overruled(outcome, thing),
  ].map((sentence) => `${thing.token} ${sentence}`)
}

function twice(outcome: Outcome, thing: Thing): string[] {
  const living = entriesFor(outcome, thing).filter((entry) => entry.deletedAt === null)
  // Our copy of a meeting and its original stand beside each other until a person has decided about the copy.
  const undecided = new Set(conflictsOf(outcome, thing).map(({ providerId }) => providerId))
  const doubled = outcome.play.providers.filter(
    ({ id }) => copiesIn(outcome, id, thing).length > (isMeeting(thing) && undecided.has(id) ? 2 : 1),
  )
  return [
    ...(living.length > 1 ? ['has two entries'] : []),
    ...doubled.map(({ id }) => `is twice in ${nameOf(outcome.play, id)}`),
  ]
}

/** What nobody deleted is where it was made, in the schedule, and in each calendar that direction and assignment name. */
function lost(outcome: Outcome, thing: Thing): string[] {
  if (touchesOf(thing, 'deleted').length > 0) return []
  const { play, assignees } = outcome
  const broken = thing.homes
    .filter((site) => site !== schedule && copiesIn(outcome, site, thing).length === 0)
    .map((site) => `is gone from ${nameOf(play, site)}, where it was made`)
  if (!thing.homes.some((site) => reachesSchedule(outcome, site))) return broken
  const entry = livingEntryOf(outcome, thing)
  if (!entry) return [...broken, 'is not in the schedule']
  const assigned = assignees.get(entry.id) ?? []
  for (const provider of play.providers) {
    const isThere = copiesIn(outcome, provider.id, thing).length > 0
    const isEdited = thing.touches.some((touch) => touch.site === provider.id)
    const isCopy = !thing.homes.includes(provider.id)
    if (takesCopies(provider, thing, assigned) && !isThere)
      broken.push(`has no copy in ${nameOf(play, provider.id)}`)
    const isRemoved = flowsOut(provider.direction) && !assigned.includes(provider.memberId)
    if (isCopy && isThere && !isEdited && isRemoved) {
      broken.push(`is still in ${nameOf(play, provider.id)}, whose member it was taken from`)
    }
  }
  return broken
}

/** What was deleted and not brought back is nowhere, unless a person has yet to decide. */
function resurrected(outcome: Outcome, thing: Thing): string[] {
  const { play } = outcome
  const isOneMembersOwn = thing.members.length === 1 && thing.homes.length === 1
  const isUndone =
    touchesOf(thing, 'restored').length > 0 ||
    touchesOf(thing, 'decided').length > 0 ||
    wasAssigned(thing) ||
    isPreferredBack(outcome, thing)
  const deletions = touchesOf(thing, 'deleted').filter(({ site }) => reachesSchedule(outcome, site))
  if (deletions.length === 0 || isUndone || conflictsOf(outcome, thing).length > 0) return []
  const isDeletedHere = deletions.some(({ site }) => site === schedule)
  const where = new Set(deletions.map(({ site }) => site))
  const broken: string[] = []
  if ((isDeletedHere || isOneMembersOwn) && livingEntryOf(outcome, thing))
    broken.push('is in the schedule again')
  for (const { id, direction } of play.providers) {
    // A meeting's second event that was first seen after the deletion was never ours to remove.
    const isOriginalWeLeave = thing.homes.includes(id) && (direction !== 'both' || thing.homes.length > 1)
    const isConcerned = isDeletedHere || isOneMembersOwn || (where.has(id) && thing.homes.length === 1)
    if (isConcerned && flowsOut(direction) && !isOriginalWeLeave && copiesIn(outcome, id, thing).length > 0) {
      broken.push(`is in ${nameOf(play, id)} again`)
    }
  }
  return broken
}

/** No words are lost, and both sides of a pair say the same where the direction lets them. */
function words(outcome: Outcome, thing: Thing): string[] {
  const entry = livingEntryOf(outcome, thing)
  if (!entry) return []
  const { play, mappings } = outcome
  const broken: string[] = []
  const conflicts = conflictsOf(outcome, thing)
  const { title, time } = entry.content
  const startsAt = time.kind === 'dateTime' ? time.startsAt : time.start
  const assigned = outcome.assignees.get(entry.id) ?? []
  const renames = touchesOf(thing, 'renamed').filter(
    ({ site }) => reachesSchedule(outcome, site) && !isLeftToMember(outcome, thing, assigned, site),
  )
  const last = new Map(renames.map((touch) => [touch.site, touch.title]))
  const isReleased = wasAssigned(thing) && !thing.homes.includes(schedule)
  const pairs = mappings.filter(
    ({ entryId, state }) => entryId === entry.id && (state === 'active' || state === 'conflict'),
  )
  // A meeting whose two events differed when they were linked keeps both sets of words; words that were deleted before
  // anybody looked were never ours.
  const isSettled =
    !isReleased &&
    !isReturnUnasked(outcome, thing, pairs) &&
    touchesOf(thing, 'deleted').length === 0 &&
    touchesOf(thing, 'decided').length === 0 &&
    !(isMeeting(thing) && pairs.some(isApart))
  // A policy that prefers the schedule may have let a word go before anybody heard it, as where our copy was taken away.
  const lastWords = [...last].flatMap(([site, word]) => {
    const isLetGo = hasPreferred(outcome, site, 'schedule') && !outcome.titles.get(entry.id)?.has(word ?? '')
    return word === undefined || isLetGo ? [] : [word]
  })
  if (conflicts.length === 0 && isSettled) {
    // Words of one side that the schedule never had were overwritten, and nobody was asked.
    // A meeting's second event may have words of its own when it is linked: they stand until the entry's change. A policy
    // that prefers the schedule overwrites what it overlaps.
    const asked = isMeeting(thing)
      ? []
      : [...last].filter(([site]) => !hasPreferred(outcome, site, 'schedule'))
    const unheard = asked.flatMap(([, word]) =>
      word === undefined || outcome.titles.get(entry.id)?.has(word) ? [] : [word],
    )
    broken.push(...unheard.map((word) => `lost ${word}: the schedule never had it`))
    if (lastWords.length > 0 && !lastWords.includes(title)) {
      broken.push(`says ${title} in the schedule, which is nobody's last word (${lastWords.join(', ')})`)
    }
  }
  for (const mapping of pairs) {
    if (isMeeting(thing) && isApart(mapping)) continue
    const provider = play.providers.find(({ id }) => id === mapping.providerId)
    const copies = copiesIn(outcome, mapping.providerId, thing)
    const [event] = copies
    if (!provider || !event || isReleased) continue
    const own = thing.touches.filter(({ site }) => site === provider.id)
    const said = own.findLast(({ kind }) => kind === 'renamed')?.title
    if (mapping.state === 'conflict') {
      // Words that the schedule took, and wrote over later, are not lost.
      const wasHeard = outcome.titles.get(entry.id)?.has(said ?? '') === true
      if (said && !wasHeard && !copies.some((copy) => copy.title === said))
        broken.push(`lost ${said} in ${nameOf(play, provider.id)}`)
      continue
    }
    const isLetBe =
      (!flowsIn(provider.direction) && own.length > 0) ||
      (!flowsOut(provider.direction) && own.length < thing.touches.length)
    if (!isLetBe && (event.title !== title || event.start !== startsAt)) {
      broken.push(
        `says ${event.title} at ${event.start} in ${nameOf(play, provider.id)}, ${title} at ${startsAt} in the schedule`,
      )
    }
  }
  return broken
}

const isMeeting = (thing: Thing): boolean => thing.homes.length > 1

const isApart = ({ baseEntry, baseExternal }: Mapping): boolean =>
  baseEntry !== null && baseExternal !== null && !sameContent(baseEntry, baseExternal)

/** A copy that may not be removed when its member is taken off is their own event from then on. */
function isLeftToMember({ play }: Outcome, thing: Thing, assigned: string[], site: string): boolean {
  const provider = play.providers.find(({ id }) => id === site)
  return (
    provider !== undefined &&
    !thing.homes.includes(site) &&
    !flowsOut(provider.direction) &&
    !assigned.includes(provider.memberId)
  )
}

/**
 * What differs when a calendar comes back is an edit of both sides, whoever made it: where a policy prefers one side, or the
 * direction lets one alone, words of what is in that calendar go without a question.
 */
function isReturnUnasked(outcome: Outcome, thing: Thing, pairs: Mapping[]): boolean {
  const { providers, returned } = outcome.play
  const isThere = (id: string) =>
    thing.homes.includes(id) ||
    thing.touches.some(({ site }) => site === id) ||
    pairs.some(({ providerId }) => providerId === id)
  return providers.some(
    ({ id, direction }) =>
      returned.has(id) &&
      isThere(id) &&
      (direction !== 'both' ||
        hasPreferred(outcome, id, 'schedule') ||
        hasPreferred(outcome, id, 'external')),
  )
}

const hasPreferred = ({ play }: Outcome, site: string, side: 'schedule' | 'external'): boolean =>
  play.switches.some(({ providerId, conflicts }) => providerId === site && conflicts === `prefer-${side}`)

/** An edit that a policy prefers to a deletion brings the thing back. */
function isPreferredBack(outcome: Outcome, { touches }: Thing): boolean {
  const isEdited = (isThere: (site: string) => boolean) =>
    touches.some(({ site, kind }) => (kind === 'renamed' || kind === 'moved') && isThere(site))
  return outcome.play.providers.some(
    ({ id }) =>
      (hasPreferred(outcome, id, 'external') && isEdited((site) => site === id)) ||
      (hasPreferred(outcome, id, 'schedule') &&
        isEdited((site) => site !== id) &&
        touches.some(({ site, kind }) => site === id && kind === 'deleted')),
  )
}

/** What a person decided against does not come back by itself. */
function overruled(outcome: Outcome, thing: Thing): string[] {
  const last = thing.touches.at(-1)
  const title = livingEntryOf(outcome, thing)?.content.title
  if (last?.overruled === undefined || title !== last.overruled || conflictsOf(outcome, thing).length > 0)
    return []
  return [`says ${title} again, which a person decided against`]
}

/** A person is asked only when somebody touched it in that calendar and somebody elsewhere, and no policy decides. */
function needlessConflicts(outcome: Outcome, thing: Thing): string[] {
  const decided = conflictsOf(outcome, thing).flatMap(({ providerId, detectedAt }) => {
    const policy = outcome.play.switches.findLast(
      (one) => one.providerId === providerId && one.atMs < detectedAt.getTime(),
    )?.conflicts
    return policy === 'prefer-schedule' || policy === 'prefer-external'
      ? [`is in conflict in ${nameOf(outcome.play, providerId)}, which decides by ${policy}`]
      : []
  })
  const needless = conflictsOf(outcome, thing)
    .filter(({ providerId }) => {
      const isTouchedThere = thing.touches.some(({ site }) => site === providerId)
      return !isTouchedThere || !thing.touches.some(({ site }) => site !== providerId)
    })
    .map(
      ({ providerId }) =>
        `is in conflict in ${nameOf(outcome.play, providerId)}, and only one side was touched`,
    )
  return [...decided, ...needless]
}
