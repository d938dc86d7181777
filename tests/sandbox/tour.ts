import { batchHeaders, batchOf } from './batch.ts'
import { listen, type Hook } from './hook.ts'
import { list, meeting, timed, type Answer, type Call, type Json, type Played } from './played.ts'
import { routeKey } from './schemas/routes.ts'
import { signIn } from './sign-in-tour.ts'

export interface Stop {
  vendor: 'google' | 'microsoft'
  method: string
  path: string
}

/** Calls each played route once, with what it needs made freshly beforehand; answers its answers by route. */
export async function tour(played: Played): Promise<{ stop: Stop; answer: Answer }[]> {
  const { body } = await played.control('GET', 'routes')
  const stops = (list(body['items']) as unknown as Stop[]).filter(({ path }) => !isRefusal(path))
  const hook = await listen()
  try {
    const answers = []
    for (const stop of stops) answers.push({ stop, answer: await visit(played, hook, stop) })
    return answers
  } finally {
    await hook.close()
  }
}

/** What only Graph's beta version has is there to be refused in Graph's own words. */
const isRefusal = (path: string): boolean => /^\/v1\.0\/.*\/(events|calendars)\/delta$/.test(path)

const weekOfMarch = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-03-08T00:00:00Z'
const calendarList = '/calendar/v3/users/me/calendarList'
const shared = { name: 'Shared', accessRole: 'reader' }
let made = 0

async function visit(played: Played, hook: Hook, stop: Stop): Promise<Answer> {
  made += 1
  // With hundreds of accounts to list, each stop would take longer than the last.
  await played.control('POST', 'reset')
  const email = `traveller${made}@example.com`
  const calendars = stop.vendor === 'google' ? ['Second', shared] : ['Second']
  const call = await played.account(stop.vendor, email, { calendars })
  const key = routeKey(stop.method, stop.path)
  if (stop.path.startsWith('/batch'))
    return call(stop.method, stop.path, batchOf([['GET', calendarList]]), batchHeaders)
  if (!/^\/(calendar|v1\.0)\//.test(stop.path)) return signIn(played, stop, email)
  const isNamed = stop.path.includes(':calendarId')
  // Only what is another's can be left, and only the first one cleared.
  const name = key.startsWith(`DELETE ${calendarList}/`) ? shared.name : 'Second'
  const calendarId = isNamed && !key.endsWith('/clear') ? await calendarNamed(played, email, name) : 'primary'
  const isReply = /\/(?:accept|tentativelyAccept|decline)$/.test(stop.path)
  const things = isReply
    ? await invitation(played, call, email)
    : await thingsFor(call, hook, stop, calendarId)
  const mailbox = stop.path.startsWith('/v1.0/') ? await mailboxThings(call, stop) : {}
  const names: Record<string, string> = { calendarId, userId: email, ...mailbox, ...things }
  const path = stop.path.replaceAll(/:(\w+)/g, (_whole, name: string) =>
    encodeURIComponent(names[name] ?? name),
  )
  const isWindowed = /calendarView|instances/.test(path) && stop.vendor === 'microsoft'
  const query = isWindowed
    ? `?${weekOfMarch}`
    : key.endsWith('/move') && stop.vendor === 'google'
      ? '?destination=primary'
      : ''
  return call(stop.method, `${path}${query}`, bodyFor(key, hook, names))
}

/** A calendar beside the first one, which alone may be deleted. */
async function calendarNamed(played: Played, email: string, name: string): Promise<string> {
  const { body } = await played.control('GET', 'accounts')
  const account = list(body['items']).find((one) => one['email'] === email)
  const second = list(account?.['calendars']).find((one) => one['name'] === name)
  return String(second?.['id'])
}

/** A group that holds the mailbox's calendars, or one that may go; a category, a setting, and what Outlook offers. */
async function mailboxThings(call: Call, { method, path }: Stop): Promise<Record<string, string>> {
  const groups = '/v1.0/me/calendarGroups'
  const group = path.endsWith(':groupId')
    ? (await call('POST', groups, { name: 'Spare' })).body
    : list((await call('GET', groups)).body['value'])[0]
  const categories = await call('GET', '/v1.0/me/outlook/masterCategories')
  return {
    groupId: String(group?.['id']),
    categoryId: String(list(categories.body['value'])[0]?.['id']),
    ...(path.endsWith(':setting') && method === 'GET' ? { setting: 'timeZone' } : {}),
    ...(path.endsWith('outlook/:name') ? { name: 'supportedTimeZones' } : {}),
  }
}

/** What a path's other parameters name. */
async function thingsFor(
  call: Call,
  hook: Hook,
  { vendor, path }: Stop,
  calendarId: string,
): Promise<Record<string, string>> {
  if (path.includes('/subscriptions/')) {
    const { body } = await call('POST', '/v1.0/subscriptions', subscription(hook))
    return { id: String(body['id']) }
  }
  if (path.endsWith('/channels/stop')) {
    const { body } = await call('POST', `/calendar/v3/calendars/primary/events/watch`, channel(hook))
    return { id: String(body['id']), resourceId: String(body['resourceId']) }
  }
  if (path.includes('/:ruleId')) {
    const { body } = await call('POST', `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/acl`, rule)
    return { ruleId: String(body['id']) }
  }
  if (!path.includes('/events/')) return vendor === 'google' ? { setting: 'timezone' } : { tenant: 'common' }
  if (vendor === 'google') {
    const events = `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`
    const { body } = await call('POST', events, weekly)
    return { eventId: String(body['id']) }
  }
  const events = path.includes(':calendarId') ? `/v1.0/me/calendars/${calendarId}/events` : '/v1.0/me/events'
  const extensions = [extension('com.example.kept')]
  const { body } = await call('POST', events, meeting('Retro', 9, { recurrence: everyWeek, extensions }))
  return { id: String(body['id']), extensionId: 'com.example.kept' }
}

const rule: Json = { role: 'reader', scope: { type: 'user', value: 'grace@example.com' } }

/** A meeting somebody else invited the traveller to, in the traveller's own calendar. */
async function invitation(played: Played, call: Call, email: string): Promise<Record<string, string>> {
  const host = await played.account('microsoft', `host${made}@example.com`)
  const attendees = [{ emailAddress: { address: email } }]
  await host('POST', '/v1.0/me/events', meeting('Invited', 9, { attendees }))
  const [copy] = list((await call('GET', '/v1.0/me/events')).body['value'])
  const calendar = await call('GET', '/v1.0/me/calendar')
  return { id: String(copy?.['id']), calendarId: String(calendar.body['id']) }
}

const extension = (extensionName: string): Json => ({
  '@odata.type': 'microsoft.graph.openTypeExtension',
  extensionName,
  colour: 'green',
})

const zone = { timeZone: 'Europe/Berlin' }
const weekly: Json = {
  summary: 'Retro',
  start: { dateTime: '2026-03-05T09:00:00', ...zone },
  end: { dateTime: '2026-03-05T10:00:00', ...zone },
  recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
}
const everyWeek = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
  range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 3 },
}

const channel = (hook: Hook): Json => ({
  id: `channel-${made}`,
  type: 'web_hook',
  address: `${hook.url}/hook`,
})
const subscription = (hook: Hook): Json => ({
  changeType: 'created,updated,deleted',
  notificationUrl: `${hook.url}/notify`,
  resource: '/me/events',
  expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
})

function bodyFor(key: string, hook: Hook, names: Record<string, string>): Json | undefined {
  if (key.startsWith('GET') || key.startsWith('DELETE')) return undefined
  if (key.startsWith('POST') && key.endsWith('/watch')) return channel(hook)
  return bodies[key]?.(hook, names)
}

const calendar = '/calendar/v3/calendars/:calendarId'
const events = `${calendar}/events`
const week = { timeMin: '2026-03-01T00:00:00Z', timeMax: '2026-03-08T00:00:00Z' }
const bodies: Record<string, (hook: Hook, names: Record<string, string>) => Json> = {
  [`POST ${calendarList}`]: (_hook, { calendarId }) => ({ id: calendarId }),
  [`PATCH ${calendarList}/:calendarId`]: () => ({ summaryOverride: 'Mine' }),
  [`PUT ${calendarList}/:calendarId`]: () => ({ selected: true, defaultReminders: [] }),
  'POST /calendar/v3/calendars': () => ({ summary: 'Third' }),
  [`PATCH ${calendar}`]: () => ({ description: 'What we plan' }),
  [`PUT ${calendar}`]: () => ({ summary: 'Planned', location: 'Berlin' }),
  [`POST ${events}/import`]: () => ({ ...weekly, iCalUID: 'imported@example.com' }),
  [`POST ${calendar}/acl`]: () => rule,
  [`PATCH ${calendar}/acl/:ruleId`]: () => ({ role: 'writer' }),
  [`PUT ${calendar}/acl/:ruleId`]: () => ({ ...rule, role: 'writer' }),
  'POST /calendar/v3/freeBusy': () => ({ ...week, items: [{ id: 'primary' }] }),
  [`POST ${events}`]: () => timed('Demo', 9),
  [`PATCH ${events}/:eventId`]: () => ({ summary: 'Demo' }),
  [`PUT ${events}/:eventId`]: () => timed('Demo', 9),
  'POST {calendar}/events': () => meeting('Demo', 9),
  'PATCH {calendar}/events/:id': () => ({ subject: 'Demo' }),
  'POST {calendar}/events/:id/extensions': () => extension('com.example.new'),
  'PATCH {calendar}/events/:id/extensions/:extensionId': () => extension('com.example.kept'),
  'POST /v1.0/me/translateExchangeIds': () => ({
    inputIds: [],
    sourceIdType: 'restId',
    targetIdType: 'restImmutableEntryId',
  }),
  'POST /calendar/v3/channels/stop': (_hook, { id, resourceId }) => ({ id, resourceId }),
  'POST /v1.0/me/calendars': () => ({ name: 'Third' }),
  'POST /v1.0/me/calendarGroup/calendars': () => ({ name: 'Third' }),
  'POST /v1.0/me/calendarGroups/:groupId/calendars': () => ({ name: 'Third' }),
  'PATCH {calendar}': () => ({ color: 'lightBlue' }),
  'POST /v1.0/me/calendarGroups': () => ({ name: 'Second' }),
  'PATCH /v1.0/me/calendarGroups/:groupId': () => ({ name: 'Renamed' }),
  'PATCH /v1.0/me/mailboxSettings': () => ({ timeZone: 'UTC' }),
  'POST /v1.0/me/outlook/masterCategories': () => ({ displayName: 'Trips', color: 'preset2' }),
  'PATCH /v1.0/me/outlook/masterCategories/:categoryId': () => ({ color: 'preset5' }),
  'POST /v1.0/$batch': () => ({ requests: [{ id: '1', method: 'GET', url: '/me' }] }),
  'POST /v1.0/subscriptions': subscription,
  'PATCH /v1.0/subscriptions/:id': () => ({
    expirationDateTime: new Date(Date.now() + 7_200_000).toISOString(),
  }),
}
