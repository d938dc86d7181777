import { list, type Answer, type Call, type Json } from './played.ts'

export interface DeltaRound {
  items: Json[]
  /** How many items each page had. */
  pages: number[]
  deltaLink: string
}

export const march =
  '/v1.0/me/calendarView/delta?startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'

/** Follows the links of a round to its end; `between` runs before each page after the first. */
export async function deltaRound(
  graph: Call,
  from: string,
  {
    pageSize = 50,
    prefer = [],
    between,
  }: { pageSize?: number; prefer?: string[]; between?: () => Promise<unknown> } = {},
): Promise<DeltaRound> {
  const items: Json[] = []
  const pages: number[] = []
  for (let link = from; ;) {
    const headers = { prefer: [`odata.maxpagesize=${pageSize}`, ...prefer].join(', ') }
    const { body } = await graph('GET', link, undefined, headers)
    const value = list(body['value'])
    items.push(...value)
    pages.push(value.length)
    const deltaLink = body['@odata.deltaLink']
    if (typeof deltaLink === 'string') return { items, pages, deltaLink }
    const nextLink = body['@odata.nextLink']
    if (typeof nextLink !== 'string') throw new Error(`A page leads nowhere: ${JSON.stringify(body)}`)
    link = nextLink
    await between?.()
  }
}

export async function created(graph: Call, body: Json, path = '/v1.0/me/events'): Promise<string> {
  return idOf(await graph('POST', path, body))
}

export function idOf({ status, body }: Answer): string {
  const { id } = body
  if (typeof id !== 'string') throw new Error(`${status}: ${JSON.stringify(body)}`)
  return id
}

/** A weekly series on Thursdays, the first on the 5th of March 2026. */
export const onThursdays: Json = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
  range: { type: 'noEnd', startDate: '2026-03-05' },
}
