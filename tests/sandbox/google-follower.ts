import { list, reasonOf, type Call, type Json } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'

/** What a client knows of a calendar that follows sync tokens by the documented rules. */
export interface GoogleFollower {
  /** Reads one page; says whether a round ended with it. */
  readPage(google: Call, size: number): Promise<boolean>
  /** Forgets the round under way, as a crash would. */
  crash(): void
  known(): Map<string, Json>
}

/** Follows series by their masters and exceptions; a cancelled exception is a gap of its series and not its end. */
export function followGoogle(): GoogleFollower {
  let items = new Map<string, Json>()
  let round: Json[] = []
  let syncToken = ''
  let pageToken = ''

  const apply = (): void => {
    for (const item of round) {
      const id = String(item['id'])
      const isGone = item['status'] === 'cancelled' && item['recurringEventId'] === undefined
      if (!isGone) {
        items.set(id, item)
        continue
      }
      items.delete(id)
      for (const [key, other] of items) if (other['recurringEventId'] === id) items.delete(key)
    }
    round = []
  }

  return {
    async readPage(google, size) {
      const place = pageToken === '' ? '' : `&pageToken=${encodeURIComponent(pageToken)}`
      const since = syncToken === '' ? '' : `&syncToken=${encodeURIComponent(syncToken)}`
      const answer = await google('GET', `${events}?maxResults=${size}${since}${place}`)
      if (answer.status === 410) {
        if (reasonOf(answer) !== 'fullSyncRequired') throw new Error(JSON.stringify(answer.body))
        items = new Map()
        round = []
        syncToken = ''
        pageToken = ''
        return false
      }
      round.push(...list(answer.body['items']))
      const { nextPageToken, nextSyncToken } = answer.body
      pageToken = typeof nextPageToken === 'string' ? nextPageToken : ''
      if (pageToken !== '') return false
      if (typeof nextSyncToken !== 'string') throw new Error(JSON.stringify(answer.body))
      syncToken = nextSyncToken
      apply()
      return true
    },
    crash() {
      round = []
      pageToken = ''
    },
    known: () => items,
  }
}

/** What counts of an item: a gap of a series has nothing but its place. */
export function essence(items: Map<string, Json>): Record<string, unknown> {
  return Object.fromEntries(
    [...items].map(([id, { status, recurringEventId, summary, start, end, recurrence, etag }]) => [
      id,
      status === 'cancelled'
        ? { status, recurringEventId }
        : { status, recurringEventId, summary, start, end, recurrence, etag },
    ]),
  )
}
