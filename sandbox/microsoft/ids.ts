import { alphanumeric, type Random } from '../random.ts'
import { GraphError } from './errors.ts'

/**
 * Every event has two spellings of its id: the default one and the immutable one. Clients that forget the Prefer header on
 * one call and send it on another see two ids, as they would at Microsoft. Both are made from the event's core, a text of
 * its own followed by how often its mailbox was moved: a move changes every default id, and leaves the immutable ones.
 */
const prefixes = { default: 'AAMkAD', immutable: 'AAkALg' }
const itemLength = 40
const pattern = new RegExp(
  `^(${prefixes.default}|${prefixes.immutable})([A-Za-z0-9]{${itemLength}})(?:M(\\d+))?(?:OID(\\d{8}))?AAA=$`,
)

/** The core of a new event in a mailbox that was moved so often. */
export function newCore(random: Random, moves: number): string {
  return coreOf(random.text(itemLength, alphanumeric), moves)
}

export function coreOf(item: string, moves: number): string {
  return moves === 0 ? item : `${item}M${moves}`
}

/** What a core keeps when its mailbox is moved. */
export function itemOf(core: string): string {
  return core.slice(0, itemLength)
}

/** The id of an event, or of the occurrence of a series on a date. */
export function eventId(core: string, isImmutable: boolean, date?: string): string {
  const occurrence = date === undefined ? '' : `OID${date.replaceAll('-', '')}`
  const spelt = isImmutable ? `${prefixes.immutable}${itemOf(core)}` : `${prefixes.default}${core}`
  return `${spelt}${occurrence}AAA=`
}

/** What an id names in a mailbox that was moved so often, in either spelling. */
export function readEventId(id: string, moves: number): { core: string; date: string | undefined } {
  const [, prefix, item, spelt, day] = pattern.exec(id) ?? []
  if (item === undefined) throw new GraphError(400, 'ErrorInvalidIdMalformed', 'Id is malformed.')
  return {
    core: coreOf(item, prefix === prefixes.immutable ? moves : Number(spelt ?? 0)),
    date: day === undefined ? undefined : `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`,
  }
}

/** Both spellings of an id as one, for comparison; another text stays as it is. */
export function sameSpelling(id: string): string {
  const [, , item, , day] = pattern.exec(id) ?? []
  return item === undefined ? id : `${item}${day ?? ''}`
}
