/** What a route answers when it did what it was asked: its status, and the name of its answer in `answers.ts`; a count is a bare number. */
export type Expected = [status: number, answer: string | null]

const nothing: Expected = [204, null]
const count: Expected = [200, 'count']
const accepted: Expected = [202, null]
const event: Expected = [200, 'GraphEvent']
/** Graph knows the address and says no to everybody. */
const refused: Expected = [400, 'GraphError']

const calendarList = '/calendar/v3/users/me/calendarList'
const calendars = '/calendar/v3/calendars'
const events = `${calendars}/:calendarId/events`
const acl = `${calendars}/:calendarId/acl`

/** By method and registered path. In Graph's, `{calendar}` stands for every way of naming a calendar. */
export const expectedAnswers: Record<string, Expected> = {
  [`GET ${calendarList}`]: [200, 'GoogleCalendarList'],
  [`POST ${calendarList}`]: [200, 'GoogleCalendarListEntry'],
  [`POST ${calendarList}/watch`]: [200, 'GoogleChannel'],
  [`GET ${calendarList}/:calendarId`]: [200, 'GoogleCalendarListEntry'],
  [`PATCH ${calendarList}/:calendarId`]: [200, 'GoogleCalendarListEntry'],
  [`PUT ${calendarList}/:calendarId`]: [200, 'GoogleCalendarListEntry'],
  [`DELETE ${calendarList}/:calendarId`]: nothing,
  [`POST ${calendars}`]: [200, 'GoogleCalendar'],
  [`GET ${calendars}/:calendarId`]: [200, 'GoogleCalendar'],
  [`PATCH ${calendars}/:calendarId`]: [200, 'GoogleCalendar'],
  [`PUT ${calendars}/:calendarId`]: [200, 'GoogleCalendar'],
  [`DELETE ${calendars}/:calendarId`]: nothing,
  [`POST ${calendars}/:calendarId/clear`]: nothing,
  [`GET ${acl}`]: [200, 'GoogleAcl'],
  [`POST ${acl}`]: [200, 'GoogleAclRule'],
  [`POST ${acl}/watch`]: [200, 'GoogleChannel'],
  [`GET ${acl}/:ruleId`]: [200, 'GoogleAclRule'],
  [`PATCH ${acl}/:ruleId`]: [200, 'GoogleAclRule'],
  [`PUT ${acl}/:ruleId`]: [200, 'GoogleAclRule'],
  [`DELETE ${acl}/:ruleId`]: nothing,
  'GET /calendar/v3/users/me/settings': [200, 'GoogleSettings'],
  'GET /calendar/v3/users/me/settings/:setting': [200, 'GoogleSetting'],
  'GET /calendar/v3/users/me/settings/timezone': [200, 'GoogleSetting'],
  'POST /calendar/v3/users/me/settings/watch': [200, 'GoogleChannel'],
  'GET /calendar/v3/colors': [200, 'GoogleColors'],
  'POST /calendar/v3/freeBusy': [200, 'GoogleFreeBusy'],
  'POST /calendar/v3/channels/stop': nothing,
  [`GET ${events}`]: [200, 'GoogleEvents'],
  [`POST ${events}`]: [200, 'GoogleEvent'],
  [`POST ${events}/import`]: [200, 'GoogleEvent'],
  [`POST ${events}/watch`]: [200, 'GoogleChannel'],
  [`GET ${events}/:eventId`]: [200, 'GoogleEvent'],
  [`PATCH ${events}/:eventId`]: [200, 'GoogleEvent'],
  [`PUT ${events}/:eventId`]: [200, 'GoogleEvent'],
  [`DELETE ${events}/:eventId`]: nothing,
  [`GET ${events}/:eventId/instances`]: [200, 'GoogleEvents'],
  [`POST ${events}/:eventId/move`]: [200, 'GoogleEvent'],
  'POST /token': [200, 'GoogleTokens'],
  'POST /oauth2/v4/token': [200, 'GoogleTokens'],
  'POST /o/oauth2/token': [200, 'GoogleTokens'],
  'POST /revoke': [200, 'GoogleNothing'],
  'POST /o/oauth2/revoke': [200, 'GoogleNothing'],
  'GET /v1/userinfo': [200, 'GoogleUserInfo'],
  'GET /oauth2/v3/userinfo': [200, 'GoogleUserInfo'],
  'GET /tokeninfo': [200, 'GoogleTokenInfo'],
  'GET /oauth2/v3/tokeninfo': [200, 'GoogleTokenInfo'],
  'GET /.well-known/openid-configuration': [200, 'OpenIdProvider'],
  'GET /oauth2/v3/certs': [200, 'KeySet'],

  'POST /:tenant/oauth2/v2.0/token': [200, 'MicrosoftTokens'],
  'GET /:tenant/v2.0/.well-known/openid-configuration': [200, 'OpenIdProvider'],
  'GET /:tenant/discovery/v2.0/keys': [200, 'KeySet'],
  'GET /oidc/userinfo': [200, 'MicrosoftUserInfo'],
  'GET /v1.0/me': [200, 'GraphUser'],
  'GET /v1.0/me/mailboxSettings': [200, 'GraphMailboxSettings'],
  'GET /v1.0/me/mailboxSettings/timeZone': [200, 'GraphText'],
  'GET /v1.0/me/calendars': [200, 'GraphCalendars'],
  'GET /v1.0/me/calendars/$count': count,
  'POST /v1.0/me/calendars': [201, 'GraphCalendar'],
  'GET /v1.0/me/calendarGroup/calendars': [200, 'GraphCalendars'],
  'GET /v1.0/me/calendarGroup/calendars/$count': count,
  'POST /v1.0/me/calendarGroup/calendars': [201, 'GraphCalendar'],
  'GET /v1.0/me/calendarGroups/:groupId/calendars': [200, 'GraphCalendars'],
  'GET /v1.0/me/calendarGroups/:groupId/calendars/$count': count,
  'GET /v1.0/me/calendarGroups/$count': count,
  'POST /v1.0/me/calendarGroups/:groupId/calendars': [201, 'GraphCalendar'],
  'GET /v1.0/me/calendarGroups': [200, 'GraphCalendarGroups'],
  'POST /v1.0/me/calendarGroups': [201, 'GraphCalendarGroup'],
  'GET /v1.0/me/calendarGroups/:groupId': [200, 'GraphCalendarGroup'],
  'PATCH /v1.0/me/calendarGroups/:groupId': [200, 'GraphCalendarGroup'],
  'DELETE /v1.0/me/calendarGroups/:groupId': nothing,
  'PATCH /v1.0/me/mailboxSettings': [200, 'GraphMailboxSettings'],
  'GET /v1.0/me/mailboxSettings/:setting': [200, 'GraphMailboxSetting'],
  'GET /v1.0/me/outlook/:name': [200, 'GraphTimeZones'],
  'GET /v1.0/me/outlook/masterCategories': [200, 'GraphCategories'],
  'POST /v1.0/me/outlook/masterCategories': [201, 'GraphCategory'],
  'GET /v1.0/me/outlook/masterCategories/:categoryId': [200, 'GraphCategory'],
  'PATCH /v1.0/me/outlook/masterCategories/:categoryId': [200, 'GraphCategory'],
  'DELETE /v1.0/me/outlook/masterCategories/:categoryId': nothing,
  'GET {calendar}': [200, 'GraphCalendar'],
  'PATCH {calendar}': [200, 'GraphCalendar'],
  'DELETE {calendar}': nothing,
  'GET {calendar}/events': [200, 'GraphEvents'],
  'GET {calendar}/events/$count': count,
  'POST {calendar}/events': [201, 'GraphEvent'],
  'GET {calendar}/calendarView': [200, 'GraphEvents'],
  'GET {calendar}/calendarView/delta': [200, 'GraphDelta'],
  'GET {calendar}/events/delta': refused,
  'GET /v1.0/me/calendars/delta': refused,
  'GET {calendar}/events/:id': event,
  'PATCH {calendar}/events/:id': event,
  'DELETE {calendar}/events/:id': nothing,
  'GET {calendar}/events/:id/instances': [200, 'GraphEvents'],
  'GET {calendar}/events/:id/calendar': [200, 'GraphCalendar'],
  'GET {calendar}/events/:id/attachments': [200, 'GraphFiles'],
  'POST {calendar}/events/:id/accept': accepted,
  'POST {calendar}/events/:id/tentativelyAccept': accepted,
  'POST {calendar}/events/:id/decline': accepted,
  'POST {calendar}/events/:id/cancel': accepted,
  'POST {calendar}/events/:id/permanentDelete': nothing,
  'POST {calendar}/events/:id/extensions': [201, 'GraphExtension'],
  'GET {calendar}/events/:id/extensions/:extensionId': [200, 'GraphExtension'],
  'PATCH {calendar}/events/:id/extensions/:extensionId': [200, 'GraphExtension'],
  'DELETE {calendar}/events/:id/extensions/:extensionId': nothing,
  'POST /v1.0/me/translateExchangeIds': [200, 'GraphConvertedIds'],
  'GET /v1.0/subscriptions': [200, 'GraphSubscriptions'],
  'POST /v1.0/subscriptions': [201, 'GraphSubscription'],
  'GET /v1.0/subscriptions/:id': [200, 'GraphSubscription'],
  'PATCH /v1.0/subscriptions/:id': [200, 'GraphSubscription'],
  'DELETE /v1.0/subscriptions/:id': nothing,
  'POST /v1.0/subscriptions/:id/reauthorize': nothing,
  'POST /v1.0/me/revokeSignInSessions': [200, 'GraphFlag'],
  'POST /v1.0/$batch': [200, 'GraphBatch'],
}

/** Addresses of one thing read as one route. */
export function routeKey(method: string, path: string): string {
  const shared = path
    .replace(/^\/v1\.0\/users\/:\w+/, '/v1.0/me')
    .replace(/^\/v1\.0\/me\/(?:calendarGroup|calendarGroups\/:\w+)\/calendars\/:\w+/, '/v1.0/me/calendar')
    .replace(/^\/v1\.0\/me\/calendars\/:\w+/, '/v1.0/me/calendar')
    .replace(/^\/v1\.0\/me\/calendar(?=\/|$)/, '{calendar}')
    .replace(/^\/v1\.0\/me\/(?=events|calendarView)/, '{calendar}/')
  return `${method} ${shared}`
}
