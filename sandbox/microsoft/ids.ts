import { alphanumeric, type Random } from '../random.ts'
import { GraphError } from './errors.ts'

/**
 * Every event has two spellings of its id around the same core: the default one and the immutable one. Clients that
 * forget the Prefer header on one call and send it on another see two ids, as they would at Microsoft.
 */
const prefixes = { default: 'AAMkAD', immutable: 'AAkALg' }
const coreLength = 40
const pattern = new RegExp(
  `^(?:${prefixes.default}|${prefixes.immutable})([A-Za-z0-9]{${coreLength}})(?:OID(\\d{8}))?AAA=$`,
)

export function newCore(random: Random): string {
  return random.text(coreLength, alphanumeric)
}

/** The id of an event, or of the occurrence of a series on a date. */
export function eventId(core: string, isImmutable: boolean, date?: string): string {
  const occurrence = date === undefined ? '' : `OID${date.replaceAll('-', '')}`
  return `${isImmutable ? prefixes.immutable : prefixes.default}${core}${occurrence}AAA=`
}

/** What an id names, in either spelling. */
export function readEventId(id: string): { core: string; date: string | undefined } {
  const [, core, day] = pattern.exec(id) ?? []
  if (core === undefined) throw new GraphError(400, 'ErrorInvalidIdMalformed', 'Id is malformed.')
  return {
    core,
    date: day === undefined ? undefined : `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`,
  }
}

/** Both spellings of an id as one, for comparison; another text stays as it is. */
export function sameSpelling(id: string): string {
  return pattern.test(id) ? id.replace(prefixes.immutable, prefixes.default) : id
}
