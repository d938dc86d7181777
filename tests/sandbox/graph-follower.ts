import { list, type Call, type Json } from './played.ts'

export interface Window {
  from: string
  to: string
}

/** What a client knows of a calendar that follows delta links by the documented rules. */
export interface GraphFollower {
  /** Reads one page; says whether a round ended with it. */
  readPage(graph: Call, size: number): Promise<boolean>
  /** Forgets the round under way, as a crash would. */
  crash(): void
  /** Begins anew over another window. */
  moveWindow(window: Window): void
  window(): Window
  /** Single events, exceptions and masters by id; occurrences below their masters. */
  known(): Map<string, Json>
}

/**
 * A round is applied when its delta link has come: of what came several times the last counts, and a master stands for
 * all of its series, so that occurrences that did not come with it are gone.
 */
export function followGraph(first: Window): GraphFollower {
  let window = first
  let items = new Map<string, Json>()
  let round: Json[] = []
  /** Where the round began, and where it stands. */
  let start = ''
  let link = ''

  const begin = (): void => {
    items = new Map()
    round = []
    start = `/v1.0/me/calendarView/delta?startDateTime=${window.from}&endDateTime=${window.to}`
    link = start
  }
  const forgetSeries = (id: string): void => {
    for (const [key, item] of items) if (item['seriesMasterId'] === id) items.delete(key)
  }
  const apply = (): void => {
    for (const item of round) {
      const id = String(item['id'])
      // A master comes before its occurrences, and an event may have become a series or ceased to be one.
      if (item['type'] !== 'occurrence' && item['type'] !== 'exception') forgetSeries(id)
      if (item['@removed'] === undefined) items.set(id, item)
      else items.delete(id)
    }
    round = []
  }
  begin()

  return {
    async readPage(graph, size) {
      const { status, body } = await graph('GET', link, undefined, { prefer: `odata.maxpagesize=${size}` })
      if (status === 410) {
        begin()
        return false
      }
      round.push(...list(body['value']))
      const deltaLink = body['@odata.deltaLink']
      link = String(deltaLink ?? body['@odata.nextLink'])
      if (deltaLink === undefined) return false
      apply()
      start = link
      return true
    },
    crash() {
      round = []
      link = start
    },
    moveWindow(next) {
      window = next
      begin()
    },
    window: () => window,
    known: () => items,
  }
}

/** What the server shows within a window: single events, exceptions and occurrences, with the masters of those. */
export async function heldByGraph(graph: Call, { from, to }: Window): Promise<Map<string, Json>> {
  const held = new Map<string, Json>()
  let next: string | undefined = `/v1.0/me/calendarView?startDateTime=${from}&endDateTime=${to}&$top=500`
  while (next !== undefined) {
    const { body } = await graph('GET', next)
    for (const item of list(body['value'])) held.set(String(item['id']), item)
    next = typeof body['@odata.nextLink'] === 'string' ? body['@odata.nextLink'] : undefined
  }
  for (const id of new Set([...held.values()].map((item) => item['seriesMasterId']))) {
    if (typeof id === 'string') held.set(id, (await graph('GET', `/v1.0/me/events/${id}`)).body)
  }
  return held
}

/** What both tell of an item: a thin occurrence tells its times and etag, everything else its words too. */
export function essence(items: Map<string, Json>): Record<string, unknown> {
  return Object.fromEntries(
    [...items].map(([id, item]) => {
      const { type, start, end, subject } = item
      const told = { type, start, end, etag: item['@odata.etag'] }
      return [id, type === 'occurrence' ? told : { ...told, subject }]
    }),
  )
}
