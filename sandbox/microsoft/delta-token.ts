import { openCursor, sealCursor, type Place } from '../cursors.ts'
import { numberOf, textOf, type JsonObject } from '../json.ts'
import { currentEpoch, nowOf, type World } from '../world.ts'
import { ianaZoneOf } from '../zones.ts'
import { badSyncState, deltaGone } from './delta-errors.ts'
import type { Span } from './occurrences.ts'
import type { Preferences } from './preferences.ts'
import { deathsOf } from './store.ts'
import { microsoftSwitch } from './switches.ts'
import { parameter, readWindow } from './window.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'

export const deltaTokenLifetimeMs = 30 * 86_400_000

export interface DeltaTarget {
  world: World
  account: MicrosoftAccount
  calendar: MicrosoftCalendar
  /** The whole address asked, without its query: links go on from it. */
  address: string
}

/** What one page of a round needs to know; all of it travels in the link to the page. */
export interface Round extends Span {
  /** The last change the client was told of; nothing in a first round. */
  after: number | null
  /** The last change that belongs to this round. */
  until: number
  place: Place
  /** This page is to be an empty one. */
  rests: boolean
  preferences: Preferences
}

/** The round a request begins or goes on with. */
export function openRound(target: DeltaTarget, query: JsonObject, preferences: Preferences): Round {
  const skip = parameter(query, '$skiptoken')
  const text = skip ?? parameter(query, '$deltatoken')
  // An empty delta token is what a dead one's Location leads to: a new beginning.
  if (text === undefined || text === '') return firstRound(target, query, preferences)

  const cursor = openCursor(text)
  if (cursor === undefined) throw badSyncState(target.world)
  const span = { fromMs: numberOf(cursor['from']) ?? 0, toMs: numberOf(cursor['to']) ?? 0 }
  if (!isLive(target, cursor)) {
    const { state } = target.world
    const form = microsoftSwitch(state, 'deltaGone')
    throw deltaGone(target.address, span, form, microsoftSwitch(state, 'deltaGoneStatus'))
  }
  const isDelta = skip === undefined
  if (isDelta !== (cursor['position'] === undefined)) throw badSyncState(target.world)

  const until = numberOf(cursor['until']) ?? 0
  const asked = remembered(target.world, cursor, preferences)
  if (isDelta) {
    const place = { position: until, offset: 0 }
    return {
      ...span,
      after: until,
      until: target.calendar.log.sequence,
      place,
      rests: false,
      preferences: asked,
    }
  }
  return {
    ...span,
    after: numberOf(cursor['after']) ?? null,
    until,
    place: { position: numberOf(cursor['position']) ?? -1, offset: numberOf(cursor['offset']) ?? 0 },
    rests: cursor['rests'] === true,
    preferences: asked,
  }
}

function firstRound({ calendar }: DeltaTarget, query: JsonObject, preferences: Preferences): Round {
  const place = { position: -1, offset: 0 }
  return { ...readWindow(query), after: null, until: calendar.log.sequence, place, rests: false, preferences }
}

/** What the first call's headers said, unless this call says otherwise. */
function remembered(world: World, cursor: JsonObject, preferences: Preferences): Preferences {
  const name = textOf(cursor['zone'])
  const iana = ianaZoneOf(name ?? '')
  const zone = name === undefined || iana === undefined ? undefined : { iana, name }
  const keepsIdType = microsoftSwitch(world.state, 'deltaIdType') === 'token'
  return {
    ...preferences,
    zone: preferences.zone ?? zone,
    textBodies: preferences.textBodies || cursor['text'] === true,
    immutableIds: preferences.immutableIds || (keepsIdType && cursor['immutable'] === true),
  }
}

function isLive({ world, account, calendar }: DeltaTarget, cursor: JsonObject): boolean {
  return (
    cursor['calendar'] === calendar.id &&
    (numberOf(cursor['moves']) ?? 0) === deathsOf(account) &&
    world.state.epochs.includes(numberOf(cursor['epoch']) ?? -1) &&
    nowOf(world) - (numberOf(cursor['issuedAt']) ?? 0) < deltaTokenLifetimeMs
  )
}

/** The token of the round's next page, or of the round after it when there is no place to go on from. */
export function sealRound(
  { world, account, calendar }: DeltaTarget,
  round: Round,
  place: Place | null,
  rests: boolean,
): string {
  const { zone, immutableIds, textBodies } = round.preferences
  return sealCursor({
    calendar: calendar.id,
    moves: deathsOf(account),
    epoch: currentEpoch(world),
    issuedAt: nowOf(world),
    from: round.fromMs,
    to: round.toMs,
    until: round.until,
    ...(place === null ? {} : { ...place, after: round.after }),
    ...(rests ? { rests } : {}),
    ...(zone === undefined ? {} : { zone: zone.name }),
    ...(immutableIds ? { immutable: true } : {}),
    ...(textBodies ? { text: true } : {}),
  })
}
