import { Page, type Place } from '../cursors.ts'
import { changesBetween } from '../event-log.ts'
import { isObject } from '../json.ts'
import { checkDeltaOptions } from './delta-errors.ts'
import { changed, mannerOf, present, type DeltaItem, type Manner } from './delta-items.ts'
import { openRound, sealRound, type DeltaTarget, type Round } from './delta-token.ts'
import type { Preferences } from './preferences.ts'
import { microsoftSwitch } from './switches.ts'
import type { MicrosoftCalendar } from './types.ts'

const pageSizeUsual = 50
const pageSizeMax = 1000

export interface DeltaPage {
  value: DeltaItem[]
  /** Of the round's next page, else of the next round. */
  next: { kind: 'nextLink' | 'deltaLink'; token: string }
}

/** One page of calendarView/delta; the window and the first call's preferences travel in the token. */
export function deltaPage(target: DeltaTarget, query: unknown, preferences: Preferences): DeltaPage {
  const { world, calendar } = target
  const asked = isObject(query) ? query : {}
  checkDeltaOptions(world, asked)
  const round = openRound(target, asked, preferences)
  const nextPage = (of: Round, place: Place, rests: boolean): DeltaPage['next'] => ({
    kind: 'nextLink',
    token: sealRound(target, of, place, rests),
  })
  if (round.rests) return { value: [], next: nextPage(round, round.place, false) }

  const size = Math.min(preferences.pageSize ?? pageSizeUsual, pageSizeMax)
  const { items, next, last } = filledPage(calendar, round, mannerOf(world.state), size)
  const rests = microsoftSwitch(world.state, 'deltaEmptyPages') === 'between'
  if (next !== null) {
    const repeats = size > 1 && microsoftSwitch(world.state, 'deltaRepeats') === 'lastOfPage'
    return { value: items, next: nextPage(round, repeats ? (last ?? next) : next, rests) }
  }
  const joins = microsoftSwitch(world.state, 'deltaChangesMeanwhile') === 'sameRound'
  if (joins && calendar.log.sequence > round.until) {
    const rest = { ...round, after: round.until, until: calendar.log.sequence }
    return { value: items, next: nextPage(rest, { position: round.until, offset: 0 }, rests) }
  }
  return { value: items, next: { kind: 'deltaLink', token: sealRound(target, round, null, false) } }
}

/** A page of a round from its place on. Only what changed is walked: what did not costs nothing. */
function filledPage({ log }: MicrosoftCalendar, round: Round, manner: Manner, size: number): Page<DeltaItem> {
  const page = new Page<DeltaItem>(round.place, size)
  if (round.after === null) {
    for (let position = round.place.position + 1; position < log.births.length; position += 1) {
      const entry = log.births[position]
      // What is made during the round belongs to the next one.
      if (entry === undefined || entry.bornAt > round.until) continue
      if (!page.takes(position, present(entry.event, round, manner))) break
    }
  } else {
    for (const { entry } of changesBetween(log, round.place.position, round.until))
      if (!page.takes(entry.sequence, changed(entry, round, manner))) break
  }
  return page
}
