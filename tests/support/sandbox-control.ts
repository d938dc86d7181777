import type { Vendor } from '../../domain/event.ts'

/** An event as the vendor truly holds it now. */
export interface TrueEvent {
  id: string
  title: string
  start: string
  end: string
  isAllDay: boolean
  iCalUID: string
}

export interface RequestRecord {
  method: string
  path: string
  status: number
  vendor: string
}

/** A message of a vendor, as it was sent and answered. */
export interface NotificationRecord {
  /** Counts up over all of them. */
  number: number
  vendor: Vendor
  address: string
  kind: string
  headers: Record<string, string>
  body: string
  /** Null when nobody answered. */
  status: number | null
  dropped: boolean
}

/** The sandbox's control API, for tests and oracles. */
export function sandboxControl(base: string) {
  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const isText = typeof body === 'string'
    const response = await fetch(`${base}/${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': isText ? 'text/calendar' : 'application/json' },
        body: isText ? body : JSON.stringify(body),
      }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    makeAccount: (vendor: Vendor, email: string) => send('POST', 'accounts', { vendor, email }),
    token: async (vendor: Vendor, email: string) =>
      (await send<{ access_token: string }>('POST', `accounts/${email}/token?vendor=${vendor}`)).access_token,
    importCalendar: (vendor: Vendor, email: string, ics: string, shiftWeeks = 0) =>
      send<{ imported: number }>(
        'POST',
        `accounts/${email}/import?vendor=${vendor}&shiftWeeks=${shiftWeeks}`,
        ics,
      ),
    events: async (vendor: Vendor, email: string) => {
      const listed = await send<{ items: TrueEvent[] } | TrueEvent[]>(
        'GET',
        `accounts/${email}/events?vendor=${vendor}`,
      )
      return Array.isArray(listed) ? listed : listed.items
    },
    seed: (email: string, seed: { vendor: Vendor; count: number; startsAt: string }) =>
      send('POST', `accounts/${email}/events`, seed),
    requests: async (query = '') => {
      const listed = await send<{ items: RequestRecord[] } | RequestRecord[]>('GET', `requests${query}`)
      return Array.isArray(listed) ? listed : listed.items
    },
    notifications: async () => (await send<{ items: NotificationRecord[] }>('GET', 'notifications')).items,
    forgetRequests: () => send('DELETE', 'requests'),
    fault: (fault: Record<string, unknown>) => send<{ id: string }>('POST', 'faults', fault),
    clearFaults: () => send('DELETE', 'faults'),
    mail: async () => {
      const listed = await send<{ items: unknown[] } | unknown[]>('GET', 'mail')
      return Array.isArray(listed) ? listed : listed.items
    },
    revoke: (vendor: Vendor, email: string) => send('POST', `accounts/${email}/revoke?vendor=${vendor}`),
    /** Has Graph say this of a subscription; false when it has none of this id. */
    lifecycle: (id: string, lifecycleEvent: string) =>
      send('POST', `subscriptions/${id}/lifecycle`, { lifecycleEvent }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && error.message.includes(' 404:')) return false
          throw error
        },
      ),
    advance: (duration: string) => send('POST', 'clock', { advance: duration }),
  }
}
export type SandboxControl = ReturnType<typeof sandboxControl>

/** A vendor's own API with a person's token: what somebody does in their calendar. */
export function asPerson(origin: string, vendor: Vendor, token: string) {
  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${vendor} answered ${response.status}: ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  const google = '/calendar/v3/calendars/primary/events'
  const graph = '/v1.0/me/events'
  const at = (dateTime: string) => ({ dateTime, timeZone: 'UTC' })
  return {
    send,
    create: (event: { title: string; start: string; end: string; iCalUID?: string | undefined }) =>
      vendor === 'google'
        ? send<{ id: string; iCalUId?: string }>('POST', google, {
            summary: event.title,
            start: { dateTime: `${event.start}Z`, timeZone: 'UTC' },
            end: { dateTime: `${event.end}Z`, timeZone: 'UTC' },
            ...(event.iCalUID && { iCalUID: event.iCalUID }),
          })
        : send<{ id: string; iCalUId?: string }>('POST', graph, {
            subject: event.title,
            start: at(event.start),
            end: at(event.end),
          }),
    rename: (id: string, title: string) =>
      vendor === 'google'
        ? send('PATCH', `${google}/${id}`, { summary: title })
        : send('PATCH', `${graph}/${id}`, { subject: title }),
    move: (id: string, start: string, end: string) =>
      vendor === 'google'
        ? send('PATCH', `${google}/${id}`, {
            start: { dateTime: `${start}Z`, timeZone: 'UTC' },
            end: { dateTime: `${end}Z`, timeZone: 'UTC' },
          })
        : send('PATCH', `${graph}/${id}`, { start: at(start), end: at(end) }),
    remove: (id: string) => send('DELETE', `${vendor === 'google' ? google : graph}/${id}`),
  }
}
