/** An event as its owner sees it at the vendor: just what the demo speaks of. */
export interface SeenEvent {
  id: string
  title: string
  /** UTC, to the minute. */
  start: string
}

/** What a calendar's owner does, through the vendor's own API and with a token of theirs. */
export interface Owner {
  create(event: { title: string; start: Date; end: Date }): Promise<SeenEvent>
  find(id: string): Promise<SeenEvent | null>
  /** All events of one day with this title. */
  titled(title: string, day: Date): Promise<SeenEvent[]>
  change(id: string, event: { title: string; start: Date; end: Date }): Promise<void>
  delete(id: string): Promise<void>
}

export async function tokenOf(control: string, vendor: string, email: string): Promise<string> {
  const answer = await fetch(`${control}/accounts/${email}/token?vendor=${vendor}`, {
    method: 'POST',
    signal: AbortSignal.timeout(10_000),
  })
  if (!answer.ok) throw new Error(`The sandbox has no ${vendor} account ${email} (${answer.status}).`)
  return ((await answer.json()) as { access_token: string }).access_token
}

interface GoogleEvent {
  id: string
  status: string
  summary?: string
  start: { dateTime?: string }
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events */
export function googleOwner(base: string, token: string): Owner {
  const call = caller(`${base}/calendar/v3/calendars/primary`, token)
  const seen = ({ id, summary = '', start }: GoogleEvent): SeenEvent => {
    return { id, title: summary, start: toMinute(start.dateTime ?? '') }
  }
  const body = ({ title, start, end }: { title: string; start: Date; end: Date }) => ({
    summary: title,
    start: { dateTime: start.toISOString(), timeZone: 'Europe/Berlin' },
    end: { dateTime: end.toISOString(), timeZone: 'Europe/Berlin' },
  })
  return {
    create: async (event) => seen(await must(call<GoogleEvent>('POST', '/events', body(event)))),
    async find(id) {
      const event = await call<GoogleEvent>('GET', `/events/${id}`)
      return event && event.status !== 'cancelled' ? seen(event) : null
    },
    async titled(title, day) {
      const [timeMin, timeMax] = boundsOf(day)
      const query = new URLSearchParams({ timeMin, timeMax, maxResults: '250' })
      const { items } = await must(call<{ items: GoogleEvent[] }>('GET', `/events?${query}`))
      // A list tells of left out occurrences of series too, by their slot alone.
      return items.filter(({ summary, status }) => summary === title && status !== 'cancelled').map(seen)
    },
    change: async (id, event) => void (await must(call('PATCH', `/events/${id}`, body(event)))),
    delete: async (id) => void (await call('DELETE', `/events/${id}`)),
  }
}

interface GraphEvent {
  id: string
  subject: string
  start: { dateTime: string }
}

/** https://learn.microsoft.com/graph/api/resources/event */
export function outlookOwner(base: string, token: string): Owner {
  const call = caller(`${base}/v1.0/me`, token)
  const seen = ({ id, subject, start }: GraphEvent): SeenEvent => {
    // Graph answers in UTC unless asked otherwise, and leaves the Z away.
    return { id, title: subject, start: toMinute(`${start.dateTime}Z`) }
  }
  const body = ({ title, start, end }: { title: string; start: Date; end: Date }) => ({
    subject: title,
    start: { dateTime: start.toISOString().slice(0, 19), timeZone: 'UTC' },
    end: { dateTime: end.toISOString().slice(0, 19), timeZone: 'UTC' },
  })
  return {
    create: async (event) => seen(await must(call<GraphEvent>('POST', '/events', body(event)))),
    async find(id) {
      const event = await call<GraphEvent>('GET', `/events/${id}`)
      return event && seen(event)
    },
    async titled(title, day) {
      const [startDateTime, endDateTime] = boundsOf(day)
      const query = new URLSearchParams({ startDateTime, endDateTime, $top: '200' })
      const { value } = await must(call<{ value: GraphEvent[] }>('GET', `/calendarView?${query}`))
      return value.map(seen).filter((event) => event.title === title)
    },
    change: async (id, event) => void (await must(call('PATCH', `/events/${id}`, body(event)))),
    delete: async (id) => void (await call('DELETE', `/events/${id}`)),
  }
}

/** Calls one vendor; what is not there, or not any more, is null. */
function caller(base: string, token: string) {
  return async function call<T>(method: string, path: string, body?: unknown): Promise<T | null> {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    const text = await answer.text()
    if (answer.status === 404 || answer.status === 410) return null
    if (!answer.ok) throw new Error(`${method} ${base}${path} answered ${answer.status}: ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T | null
  }
}

async function must<T>(answer: Promise<T | null>): Promise<T> {
  const found = await answer
  if (found === null) throw new Error('The vendor says that what was asked for is not there.')
  return found
}

function boundsOf(day: Date): [string, string] {
  const date = day.toISOString().slice(0, 10)
  return [`${date}T00:00:00Z`, `${date}T23:59:59Z`]
}

export const toMinute = (moment: string | Date): string => new Date(moment).toISOString().slice(0, 16)
