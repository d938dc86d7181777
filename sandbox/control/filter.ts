import { textsOf, type JsonObject } from '../json.ts'
import { ControlError } from './errors.ts'

/**
 * Reads which records of a log are wanted: `name=a,b` for its texts (any case; a list matches when one of it does), a
 * beginning of its path or a regular expression (`match`) for it, and a time since when.
 */
export function readFilter(
  query: JsonObject,
  texts: readonly string[],
  path: string,
): (record: JsonObject) => boolean {
  const conditions = Object.entries(query).map(([name, value]) => {
    const [wanted, another] = textsOf(value)
    if (wanted === undefined || another !== undefined) throw new ControlError(400, `Give ${name} once.`)
    if (name === 'since') return since(wanted)
    if (name === path) return (record: JsonObject) => String(record[path]).startsWith(wanted)
    if (name === 'match') {
      const pattern = patternOf(wanted)
      return (record: JsonObject) => pattern.test(String(record[path]))
    }
    if (texts.includes(name)) return oneOf(name, wanted)
    const known = [...texts, path, 'match', 'since'].join(', ')
    throw new ControlError(400, `${name} means nothing here; there are ${known}.`)
  })
  return (record) => conditions.every((holds) => holds(record))
}

function oneOf(name: string, wanted: string): (record: JsonObject) => boolean {
  const choices = wanted.toLowerCase().split(',')
  return (record) => {
    const values = [record[name]].flat().map((value) => String(value).toLowerCase())
    return values.some((value) =>
      choices.some((choice) => choice === value || (/^\dxx$/.test(choice) && choice[0] === value[0])),
    )
  }
}

function since(text: string): (record: JsonObject) => boolean {
  const fromMs = Date.parse(text)
  if (Number.isNaN(fromMs)) throw new ControlError(400, 'since must be a time in ISO 8601.')
  return (record) => Date.parse(String(record['at'])) >= fromMs
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch {
    throw new ControlError(400, 'match must be a regular expression.')
  }
}
