const prefix = 'https://www.googleapis.com/auth/'

/** Short names that Google answers with their long ones; whoever asks for them gets `openid` too. */
const identityScopes: Record<string, string> = {
  email: `${prefix}userinfo.email`,
  profile: `${prefix}userinfo.profile`,
}

/** The scopes Google grants for those that were asked for, in the spelling its answers have. */
export function grantable(asked: readonly string[]): string[] {
  const long = asked.map((scope) => identityScopes[scope] ?? scope)
  const isIdentity = long.some((scope) => Object.values(identityScopes).includes(scope))
  return [...new Set(isIdentity ? [...long, 'openid'] : long)]
}

/** Scopes that tell who a person is; they cannot be unticked. */
export function isIdentityScope(scope: string): boolean {
  return scope === 'openid' || Object.values(identityScopes).includes(scope)
}

export function includesEmail(scopes: readonly string[]): boolean {
  return scopes.includes(`${prefix}userinfo.email`)
}

export function includesProfile(scopes: readonly string[]): boolean {
  return scopes.includes(`${prefix}userinfo.profile`)
}

/** Whether Google could know a scope; only those of the calendar and of identity mean something here. */
export function isKnownScope(scope: string): boolean {
  if (scope === 'openid' || scope in identityScopes) return true
  if (scope.startsWith(`${prefix}calendar`)) return calendarScopes.has(scope.slice(prefix.length))
  return /^https:\/\/(www\.googleapis\.com\/auth\/[a-z][\w.\-/]*|mail\.google\.com\/)$/.test(scope)
}

/** https://developers.google.com/workspace/calendar/api/auth */
const calendarScopes = new Set([
  'calendar',
  'calendar.readonly',
  'calendar.events',
  'calendar.events.readonly',
  'calendar.events.owned',
  'calendar.events.owned.readonly',
  'calendar.events.freebusy',
  'calendar.events.public.readonly',
  'calendar.freebusy',
  'calendar.calendarlist',
  'calendar.calendarlist.readonly',
  'calendar.calendars',
  'calendar.calendars.readonly',
  'calendar.acls',
  'calendar.acls.readonly',
  'calendar.settings.readonly',
  'calendar.app.created',
])
