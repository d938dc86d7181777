import { GraphError } from '../errors.ts'
import { readRow, type Row } from '../rows.ts'
import { isObject } from '../../json.ts'
import { eventType } from './event-type.ts'
import { memberAt } from './filter.ts'

export type Order = (one: Row, other: Row) => number

const unsortable = new Set(['body', 'attendees', 'recurrence', 'categories', 'locations', 'onlineMeeting'])

/** An $orderby such as `start/dateTime desc,subject`; where it does not decide, rows stay as they are. */
export function orderOf(text: string | undefined): Order | undefined {
  if (text === undefined) return undefined
  const orders = text.split(',').map(oneOrder)
  return (one, other) => {
    for (const order of orders) {
      const difference = order(one, other)
      if (difference !== 0) return difference
    }
    return 0
  }
}

function oneOrder(text: string): Order {
  const [path = '', direction = 'asc', ...rest] = text.trim().split(/\s+/)
  const sign = { asc: 1, desc: -1 }[direction.toLowerCase()]
  if (sign === undefined || rest.length > 0) {
    const message = `Syntax error in $orderby: '${text.trim()}'.`
    throw new GraphError(400, 'BadRequest', message)
  }
  const { type, names } = memberAt(path.split('/'), eventType)
  const [first = '', ...deeper] = names
  // A start or end alone means its time.
  const isTime = type.kind === 'complex' && (first === 'start' || first === 'end')
  if (unsortable.has(first) || type.kind === 'collection' || (type.kind === 'complex' && !isTime)) {
    const spelt = first.charAt(0).toUpperCase() + first.slice(1)
    throw new GraphError(400, 'ErrorInvalidProperty', `The property '${spelt}' does not support sorting.`)
  }
  const inner = isTime ? ['dateTime'] : deeper
  const keyOf = (row: Row): string | number =>
    comparable(
      inner.reduce<unknown>(
        (value, name) => (isObject(value) ? value[name] : undefined),
        readRow(row, first),
      ),
    )
  return (one, other) => {
    const [left, right] = [keyOf(one), keyOf(other)]
    return left === right ? 0 : (left < right ? -1 : 1) * sign
  }
}

function comparable(value: unknown): string | number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'string' ? value.toLowerCase() : ''
}
