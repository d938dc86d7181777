import type { Repeated } from './http-load.ts'

export interface Scenario {
  name: string
  kind: 'list' | 'write' | 'empty'
  /** One for each account; connections take turns. */
  requests: Repeated[]
  empty?: { vendor: 'google' | 'microsoft'; size: 'small' | 'large' }
}

type Vendor = 'google' | 'microsoft'

/** A mailbox serves four calls at a time, so 32 connections need eight of them. */
const accounts = 8
const startsAt = '2026-01-01T00:00:00Z'
const window = 'startDateTime=2026-01-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z'
const longWindow = 'startDateTime=2026-01-01T00:00:00Z&endDateTime=2030-12-01T00:00:00Z'
const google = '/calendar/v3/calendars/primary/events'

/** What the played vendors are asked for most, on calendars made for it. */
export async function scenariosOn(url: string, sizes: { small: number; large: number }): Promise<Scenario[]> {
  const control = controlOf(url)
  // What a vendor refuses because it was asked too often would be measured instead of what it answers.
  await control.switches({
    'google.quotaPerUserPerMinute': 0,
    'google.quotaPerProjectPerMinute': 0,
    'microsoft.requestsPerMailbox': 0,
    'microsoft.requestsPerApp': 0,
  })
  const many = Array.from({ length: accounts }, (_, index) => index)
  const filled = async (vendor: Vendor, events: number, count = accounts) =>
    Promise.all(many.slice(0, count).map((index) => control.account(vendor, `${events}-${index}`, events)))

  const get = (target: string, token: string, headers = {}): Repeated => ({
    method: 'GET',
    target,
    token,
    headers,
  })
  const pageSize = (size: number) => ({ prefer: `odata.maxpagesize=${size}` })
  const g250 = await filled('google', 250)
  const g2500 = await filled('google', 2_500)
  const m250 = await filled('microsoft', 250)
  const scenarios: Scenario[] = [
    list(
      'Google events.list, 250',
      g250.map((token) => get(`${google}?maxResults=250`, token)),
    ),
    list(
      'Google events.list, 2500',
      g2500.map((token) => get(`${google}?maxResults=2500`, token)),
    ),
    list(
      'Graph calendarView, 250',
      m250.map((token) => get(`/v1.0/me/calendarView?${window}&$top=250`, token)),
    ),
    list(
      'Graph delta, 250',
      m250.map((token) => get(`/v1.0/me/calendarView/delta?${window}`, token, pageSize(250))),
    ),
    ...(await writes(url, await filled('google', 1), await filled('microsoft', 1))),
  ]
  for (const size of ['small', 'large'] as const) {
    const events = sizes[size]
    const [token = ''] = await filled('google', events, 1)
    const syncToken = await control.lastOf(`${google}?maxResults=2500`, token, 'nextSyncToken')
    scenarios.push({
      name: `Google sync token, nothing new, ${events}`,
      kind: 'empty',
      requests: [get(`${google}?syncToken=${encodeURIComponent(syncToken)}`, token)],
      empty: { vendor: 'google', size },
    })
  }
  for (const size of ['small', 'large'] as const) {
    const events = sizes[size]
    const tokens = await filled('microsoft', events, size === 'small' ? accounts : 1)
    const links = await Promise.all(
      tokens.map((token) =>
        control.lastOf(
          `/v1.0/me/calendarView/delta?${longWindow}`,
          token,
          '@odata.deltaLink',
          pageSize(1_000),
        ),
      ),
    )
    scenarios.push({
      name: `Graph delta link, nothing new, ${events}`,
      kind: 'empty',
      requests: links.map((link, index) => get(link.slice(url.length), tokens[index] ?? '')),
      empty: { vendor: 'microsoft', size },
    })
  }
  return scenarios
}

function list(name: string, requests: Repeated[]): Scenario {
  return { name, kind: 'list', requests }
}

async function writes(url: string, googleTokens: string[], graphTokens: string[]): Promise<Scenario[]> {
  const at = (hour: string) => ({ dateTime: `2026-03-05T${hour}:00:00`, timeZone: 'Europe/Berlin' })
  const times = { start: at('09'), end: at('10') }
  const post = (target: string, body: object) => (token: string) => ({
    method: 'POST',
    target,
    token,
    body: JSON.stringify(body),
  })
  const patches = (target: string, tokens: string[], made: object, body: object) =>
    Promise.all(
      tokens.map(async (token) => {
        const answer = await fetch(`${url}${target}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(made),
        })
        const { id } = (await answer.json()) as { id: string }
        return { method: 'PATCH', target: `${target}/${id}`, token, body: JSON.stringify(body) }
      }),
    )
  const googleEvent = { summary: 'Retro', ...times }
  const graphEvent = { subject: 'Retro', ...times }
  return [
    { name: 'Google insert', kind: 'write', requests: googleTokens.map(post(google, googleEvent)) },
    { name: 'Graph create', kind: 'write', requests: graphTokens.map(post('/v1.0/me/events', graphEvent)) },
    {
      name: 'Google patch',
      kind: 'write',
      requests: await patches(google, googleTokens, googleEvent, { summary: 'Demo' }),
    },
    {
      name: 'Graph patch',
      kind: 'write',
      requests: await patches('/v1.0/me/events', graphTokens, graphEvent, { subject: 'Demo' }),
    },
  ]
}

function controlOf(url: string) {
  async function ask(address: string, init: RequestInit): Promise<Record<string, unknown>> {
    const answer = await fetch(address, init)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${address} was answered ${answer.status}: ${text}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  const post = (path: string, body: object) =>
    ask(`${url}/_sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    switches: (chosen: Record<string, number>) => post('switches', chosen),
    /** A new account with so many plain events, one an hour; answers its token. */
    async account(vendor: Vendor, name: string, events: number): Promise<string> {
      const email = `${name}@${vendor}.example`
      await post('accounts', { vendor, email })
      await post(`accounts/${email}/events`, { vendor, count: events, startsAt })
      return String((await post(`accounts/${email}/token?vendor=${vendor}`, {}))['access_token'])
    },
    /** Goes through all pages and answers a member of the last one. */
    async lastOf(target: string, token: string, member: string, headers = {}): Promise<string> {
      let next = `${url}${target}`
      for (;;) {
        const page = await ask(next, { headers: { ...headers, authorization: `Bearer ${token}` } })
        const pageToken = page['nextPageToken']
        if (typeof pageToken === 'string') next = `${url}${target}&pageToken=${encodeURIComponent(pageToken)}`
        else if (typeof page['@odata.nextLink'] === 'string') next = page['@odata.nextLink']
        else return String(page[member])
      }
    },
  }
}
