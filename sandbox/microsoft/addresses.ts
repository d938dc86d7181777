/** Names in Graph's addresses; they may be written in any case, unlike the ids between them. */
const names = [
  '$batch',
  '$count',
  'allowedCalendarSharingRoles',
  'calendar',
  'calendarGroup',
  'calendarGroups',
  'calendarPermissions',
  'calendarView',
  'calendars',
  'delta',
  'events',
  'exceptionOccurrences',
  'extensions',
  'getSchedule',
  'instances',
  'mailboxSettings',
  'masterCategories',
  'me',
  'outlook',
  'permanentDelete',
  'reauthorize',
  'subscriptions',
  'tentativelyAccept',
  'timeZone',
  'translateExchangeIds',
  'users',
]
const spelling = new Map(names.map((name) => [name.toLowerCase(), name]))

/**
 * The one spelling our routes know of an address of Graph's: OData lets a function be called with its namespace and
 * parentheses (`microsoft.graph.delta()`), as the generated SDKs do, a key stand in parentheses (`events('id')`), and
 * names be written in any case. Other addresses stay as they are.
 */
export function graphAddress(url: string): string {
  if (!/^\/v1\.0\//i.test(url)) return url
  const [path = '', ...query] = url.split('?')
  const segments = path.split('/').slice(2).flatMap(plainSegments)
  return [`/v1.0/${segments.join('/')}`, ...query].join('?')
}

function plainSegments(segment: string): string[] {
  const bare = segment.replace(/^microsoft\.graph\./i, '').replace(/(?:\(|%28)(?:\)|%29)$/i, '')
  const keyed = /^(\w+)(?:\(|%28)(?:'|%27)(.+)(?:'|%27)(?:\)|%29)$/i.exec(bare)
  const name = spelling.get((keyed?.[1] ?? bare).toLowerCase())
  if (keyed !== null && name !== undefined) return [name, keyed[2] ?? '']
  return [name ?? segment]
}
