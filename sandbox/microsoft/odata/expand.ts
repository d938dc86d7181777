import { GraphError } from '../errors.ts'
import { memberNamed } from './edm.ts'
import { eventType, navigations } from './event-type.ts'
import { unknownProperty } from './filter.ts'

/** One thing to be shown along, with the options in its parentheses. */
export interface Expansion {
  name: string
  filter: string | undefined
  select: readonly string[] | undefined
}

/** Reads an $expand such as `extensions($filter=id eq 'x'),exceptionOccurrences($select=id,subject)`. */
export function parseExpand(text: string): Expansion[] {
  return splitOutside(text, ',').map((part) => {
    const [, spelt = '', options] = /^\s*([A-Za-z]\w*)\s*(?:\((.*)\))?\s*$/s.exec(part) ?? []
    const name = memberNamed(eventType, spelt)
    if (name === undefined) throw unknownProperty(spelt || part.trim(), eventType)
    if (!Object.hasOwn(navigations, name)) throw invalid(`Property '${name}' is not a navigation property.`)
    return { name, ...optionsOf(options ?? '') }
  })
}

function optionsOf(text: string): Omit<Expansion, 'name'> {
  let filter: string | undefined
  let select: string[] | undefined
  for (const option of splitOutside(text, ';')) {
    const [, name = '', value = ''] = /^\s*(\$\w+)\s*=(.*)$/s.exec(option) ?? []
    if (name === '$filter') filter = value.trim()
    else if (name === '$select') select = value.split(',').map((one) => one.trim())
    else throw invalid(`The option '${option.trim()}' is not supported in an expansion.`)
  }
  return { filter, select }
}

/** Splits at a sign that stands outside of quotes and parentheses; blank parts alone are none. */
export function splitOutside(text: string, sign: string): string[] {
  const parts: string[] = []
  let [depth, from, isQuoted] = [0, 0, false]
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (letter === "'") isQuoted = !isQuoted
    if (isQuoted) continue
    if (letter === '(') depth += 1
    if (letter === ')') depth -= 1
    if (letter === sign && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  const last = text.slice(from)
  return last.trim() === '' && parts.length === 0 ? [] : [...parts, last]
}

function invalid(message: string): GraphError {
  return new GraphError(400, 'BadRequest', `Parsing OData Select and Expand failed: ${message}`)
}
