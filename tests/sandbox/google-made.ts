import { list, object, reasonOf, type Answer, type Call, type Json, type Played } from './played.ts'

export const events = '/calendar/v3/calendars/primary/events'

/** A fresh account and a caller for it, by a name that no other test has. */
export function accountsOf(
  played: () => Played,
  prefix: string,
): () => Promise<{ email: string; call: Call }> {
  let made = 0
  return async () => {
    made += 1
    const email = `${prefix}${made}@example.com`
    return { email, call: await played().account('google', email) }
  }
}

export function at(time: string, zone = 'Europe/Berlin'): Json {
  return { dateTime: time, timeZone: zone }
}

/** A series on the mornings of weekdays from Thursday 5 March 2026 on, unless its rule says otherwise. */
export function series(id: string, rule: string, more: Json = {}): Json {
  const times = { start: at('2026-03-05T09:00:00'), end: at('2026-03-05T10:00:00') }
  return { id, summary: 'Daily', ...times, recurrence: [rule], ...more }
}

export function itemsOf(answer: Answer): Json[] {
  return list(answer.body['items'])
}

export function idsOf(answer: Answer): unknown[] {
  return itemsOf(answer).map(({ id }) => id)
}

export function startsOf(answer: Answer): unknown[] {
  return itemsOf(answer).map(({ start }) => object(start)['dateTime'] ?? object(start)['date'])
}

export function messageOf(answer: Answer): unknown {
  return object(answer.body['error'])['message']
}

/** What a call was refused with: its status and its reason. */
export function refusal(answer: Answer): unknown[] {
  return [answer.status, reasonOf(answer)]
}

/** All pages of a list, with what the last one says. */
export async function allPages(
  call: Call,
  query: string,
): Promise<{ items: Json[]; last: Json; pages: number }> {
  const items: Json[] = []
  let page = ''
  for (let pages = 1; ; pages += 1) {
    const { body, status } = await call('GET', `${events}?${query}${page}`)
    if (status !== 200) throw new Error(`the list was answered with ${status}: ${JSON.stringify(body)}`)
    items.push(...list(body['items']))
    const next = body['nextPageToken']
    if (typeof next !== 'string') return { items, last: body, pages }
    page = `&pageToken=${next}`
  }
}
