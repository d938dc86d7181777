import { isObject, textOf, textsOf, type JsonObject } from '../../json.ts'
import { GraphError, invalidQuery } from '../errors.ts'
import type { Complex } from './edm.ts'
import { compileFilter, memberAt } from './filter.ts'

export interface PlainPage {
  value: JsonObject[]
  /** How many to skip for the next page. */
  nextSkip: number | null
  count: number | null
}

const known = ['$select', '$filter', '$orderby', '$top', '$skip', '$count', '$expand', '$format']
const pageSizeMax = 1000

/** A page of things that are shown as they are kept, by the usual options of OData. */
export function plainPage(
  items: JsonObject[],
  type: Complex,
  sent: unknown,
  pageSizeUsual: number,
): PlainPage {
  const query = optionsOf(sent)
  const filter = query['$filter']
  const test =
    filter === undefined
      ? () => true
      : compileFilter<JsonObject>(filter, {
          type,
          read: (item, name) => (name === undefined ? item : item[name]),
          unfilterable: new Set(),
          ignoresCase: true,
        })
  const found = items.filter(test)
  const order = query['$orderby']
  if (order !== undefined) found.sort(orderOf(order, type))
  const size = Math.min(wholeNumber(query, '$top') ?? pageSizeUsual, pageSizeMax)
  const skip = wholeNumber(query, '$skip') ?? 0
  return {
    value: found.slice(skip, skip + size).map((item) => selected(item, type, query['$select'])),
    nextSkip: size > 0 && found.length > skip + size ? skip + size : null,
    count: query['$count'] === 'true' ? found.length : null,
  }
}

/** One thing with what was selected of it. */
export function plainItem(item: JsonObject, type: Complex, sent: unknown): JsonObject {
  return selected(item, type, optionsOf(sent)['$select'])
}

function optionsOf(sent: unknown): Record<string, string> {
  const options: Record<string, string> = {}
  for (const [name, value] of Object.entries(isObject(sent) ? sent : {})) {
    if (!name.startsWith('$')) continue
    if (!known.includes(name))
      throw new GraphError(400, 'BadRequest', `The query parameter '${name}' is not supported.`)
    const [text, ...more] = textsOf(value)
    if (text === undefined || more.length > 0) {
      const message = `Query option '${name}' was specified more than once, but it must be specified at most once.`
      throw new GraphError(400, 'BadRequest', message)
    }
    options[name] = text
  }
  return options
}

function selected(item: JsonObject, type: Complex, select: string | undefined): JsonObject {
  if (select === undefined || select.trim() === '*') return item
  const wanted = new Set(select.split(',').map((name) => memberAt([name.trim()], type).names[0]))
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => name === 'id' || name.startsWith('@') || wanted.has(name)),
  )
}

function orderOf(text: string, type: Complex): (one: JsonObject, other: JsonObject) => number {
  const [path = '', direction = 'asc', ...rest] = text.trim().split(/\s+/)
  const sign = { asc: 1, desc: -1 }[direction.toLowerCase()]
  if (sign === undefined || rest.length > 0) throw invalidQuery(`Syntax error in $orderby: '${text}'.`)
  const name = memberAt([path], type).names[0] ?? path
  const key = (item: JsonObject): string =>
    (textOf(item[name]) ?? JSON.stringify(item[name]) ?? '').toLowerCase()
  return (one, other) => (key(one) === key(other) ? 0 : key(one) < key(other) ? -sign : sign)
}

function wholeNumber(query: Record<string, string>, name: string): number | undefined {
  const text = query[name]
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const message = `Invalid value '${text}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`
  throw new GraphError(400, 'BadRequest', message)
}
