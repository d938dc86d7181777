/**
 * What every answer of the played vendors must look like: the vendors' published types, and for each the members that the
 * documentation promises in every answer. `npm run schemas` makes `answers.json` of it, which tests check answers against.
 */
import type { calendar_v3 as google } from 'googleapis/build/src/apis/calendar/v3.js'
import type * as graph from '@microsoft/microsoft-graph-types'

/** The published types leave every member out at will; these are always there. */
type Sure<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: Exclude<T[P], null | undefined> }

// Google Calendar: https://developers.google.com/workspace/calendar/api/v3/reference

export type GoogleEvent = Sure<google.Schema$Event, 'kind' | 'etag' | 'id' | 'status'>
export type GoogleEvents = Omit<
  Sure<google.Schema$Events, 'kind' | 'etag' | 'summary' | 'updated' | 'timeZone' | 'accessRole'>,
  'items'
> & { items: GoogleEvent[] }
export type GoogleCalendar = Sure<google.Schema$Calendar, 'kind' | 'etag' | 'id' | 'summary'>
export type GoogleCalendarListEntry = Sure<google.Schema$CalendarListEntry, 'kind' | 'etag' | 'id'>
export type GoogleCalendarList = Omit<Sure<google.Schema$CalendarList, 'kind' | 'etag'>, 'items'> & {
  items: GoogleCalendarListEntry[]
}
export type GoogleAclRule = Sure<google.Schema$AclRule, 'kind' | 'etag' | 'id' | 'role' | 'scope'>
export type GoogleAcl = Omit<Sure<google.Schema$Acl, 'kind' | 'etag'>, 'items'> & { items: GoogleAclRule[] }
export type GoogleSetting = Sure<google.Schema$Setting, 'kind' | 'etag' | 'id' | 'value'>
export type GoogleSettings = Omit<Sure<google.Schema$Settings, 'kind' | 'etag'>, 'items'> & {
  items: GoogleSetting[]
}
export type GoogleColors = Sure<google.Schema$Colors, 'kind' | 'updated' | 'calendar' | 'event'>
export type GoogleFreeBusy = Sure<
  google.Schema$FreeBusyResponse,
  'kind' | 'timeMin' | 'timeMax' | 'calendars'
>
export type GoogleChannel = Sure<
  google.Schema$Channel,
  'kind' | 'id' | 'resourceId' | 'resourceUri' | 'expiration'
>

/** https://developers.google.com/workspace/calendar/api/guides/errors; `status` and `details` are the front end's. */
export interface GoogleError {
  error: {
    errors: { domain: string; reason: string; message: string; locationType?: string; location?: string }[]
    code: number
    message: string
    status?: string
    details?: { '@type': string; reason: string; domain: string; metadata?: Record<string, string> }[]
  }
}

/** https://developers.google.com/identity/protocols/oauth2/web-server */
export interface GoogleTokens {
  access_token: string
  expires_in: number
  refresh_token?: string
  refresh_token_expires_in?: number
  scope: string
  token_type: 'Bearer'
  id_token?: string
}
/** https://datatracker.ietf.org/doc/html/rfc6749#section-5.2 and Google's own subtype. */
export interface GoogleOAuthError {
  error: string
  error_description?: string
  error_subtype?: string
  error_uri?: string
}
/** https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims */
export interface GoogleUserInfo {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
  given_name?: string
  family_name?: string
  picture?: string
  hd?: string
}
/** https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken, the endpoint for debugging */
export interface GoogleTokenInfo {
  azp: string
  aud: string
  sub?: string
  scope: string
  exp: string
  expires_in: string
  email?: string
  email_verified?: string
  access_type: 'online' | 'offline'
}
export type GoogleNothing = Record<string, never>

// Microsoft Graph v1.0: https://learn.microsoft.com/graph/api/resources/event

interface Entity {
  '@odata.context': string
  '@odata.type'?: string
}
interface Page {
  '@odata.context': string
  '@odata.count'?: number
  '@odata.nextLink'?: string
}
type Expanded = 'calendar' | 'instances' | 'attachments' | 'exceptionOccurrences' | 'extensions'
/** `uid` and `occurrenceId` are documented for the event and missing from the published type. */
type EventMembers = Omit<graph.Event, Expanded> & {
  '@odata.etag': string
  '@odata.type'?: '#microsoft.graph.event'
  id: string
  uid?: string | null
  occurrenceId?: string | null
}
export type GraphEventItem = Sure<
  EventMembers,
  | 'id'
  | 'changeKey'
  | 'createdDateTime'
  | 'lastModifiedDateTime'
  | 'iCalUId'
  | 'body'
  | 'start'
  | 'end'
  | 'isAllDay'
  | 'type'
  | 'showAs'
  | 'organizer'
  | 'responseStatus'
> & {
  attachments?: GraphFile[]
  calendar?: GraphCalendarItem
  extensions?: GraphExtensionItem[]
  exceptionOccurrences?: Partial<EventMembers>[]
  instances?: Partial<EventMembers>[]
}
/** An open extension holds whatever its maker put there. */
export interface GraphExtensionItem {
  '@odata.type': '#microsoft.graph.openTypeExtension'
  id: string
  extensionName: string
  [name: string]: unknown
}
export type GraphExtension = GraphExtensionItem & Entity
export type GraphEvent = GraphEventItem & Entity
export type GraphEvents = Page & { value: GraphEventItem[] }

/** What delta tells of an untouched occurrence, and some mailboxes of other events: not what a master tells, or a GET. */
interface ThinItem {
  '@odata.type': '#microsoft.graph.event'
  '@odata.etag': string
  id: string
  seriesMasterId?: string
  type: graph.EventType
  start: graph.DateTimeTimeZone
  end: graph.DateTimeTimeZone
}
interface Removed {
  '@odata.type': '#microsoft.graph.event'
  id: string
  '@removed': { reason: 'deleted' | 'changed' }
}
export interface GraphDelta {
  '@odata.context': string
  '@odata.nextLink'?: string
  '@odata.deltaLink'?: string
  value: (GraphEventItem | ThinItem | Removed)[]
}

export type GraphCalendarItem = Sure<
  Omit<graph.Calendar, 'calendarPermissions' | 'calendarView' | 'events'>,
  'id' | 'name' | 'color' | 'changeKey' | 'canEdit' | 'isDefaultCalendar' | 'owner'
>
export type GraphCalendar = GraphCalendarItem & Entity
export type GraphCalendars = Page & { value: GraphCalendarItem[] }
export type GraphCalendarGroupItem = Sure<Omit<graph.CalendarGroup, 'calendars'>, 'id' | 'name' | 'changeKey'>
export type GraphCalendarGroup = GraphCalendarGroupItem & Entity
export type GraphCalendarGroups = Page & { value: GraphCalendarGroupItem[] }

export type GraphUser = Sure<
  Pick<
    graph.User,
    | 'id'
    | 'businessPhones'
    | 'displayName'
    | 'givenName'
    | 'jobTitle'
    | 'mail'
    | 'mobilePhone'
    | 'officeLocation'
    | 'preferredLanguage'
    | 'surname'
    | 'userPrincipalName'
  >,
  'id' | 'displayName' | 'userPrincipalName'
> &
  Entity

export type GraphSubscriptionItem = Sure<
  graph.Subscription,
  'id' | 'resource' | 'changeType' | 'notificationUrl' | 'expirationDateTime' | 'applicationId'
>
export type GraphSubscription = GraphSubscriptionItem & Entity
export type GraphSubscriptions = Page & { value: GraphSubscriptionItem[] }

export type GraphMailboxSettings = graph.MailboxSettings & Entity
export interface GraphText {
  '@odata.context'?: string
  value: string
}
export type GraphCategoryItem = Sure<graph.OutlookCategory, 'id' | 'displayName' | 'color'>
export type GraphCategory = GraphCategoryItem & Entity
export type GraphCategories = Page & { value: GraphCategoryItem[] }
/** One setting of a mailbox: a value, or what a structured one consists of. */
export type GraphMailboxSetting =
  | GraphText
  | (graph.LocaleInfo & Entity)
  | (graph.WorkingHours & Entity)
  | (graph.AutomaticRepliesSetting & Entity)
/** https://learn.microsoft.com/graph/api/user-revokesigninsessions */
export interface GraphFlag {
  '@odata.context': string
  value: boolean
}
export type GraphTimeZones = Page & { value: graph.TimeZoneInformation[] }
export type GraphConvertedIds = Page & { value: graph.ConvertIdResult[] }

/** A file at an event; its bytes come only with the file itself. */
export interface GraphFile extends Omit<graph.FileAttachment, 'id'> {
  '@odata.type': string
  id: string
}

export type GraphFiles = Page & { value: GraphFile[] }

/** https://learn.microsoft.com/graph/json-batching */
export interface GraphBatch {
  responses: { id: string; status: number; headers?: Record<string, string>; body?: unknown }[]
}

/** https://learn.microsoft.com/graph/errors */
export interface GraphError {
  error: {
    code: string
    message: string
    details?: { code: string; message: string; target?: string }[]
    innerError: {
      code?: string
      message?: string
      date: string
      'request-id': string
      'client-request-id': string
    }
    '@event.existingEventId'?: string
  }
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow */
export interface MicrosoftTokens {
  token_type: 'Bearer'
  scope: string
  expires_in: number
  ext_expires_in: number
  access_token: string
  refresh_token?: string
  id_token?: string
  client_info?: string
}
/** https://learn.microsoft.com/entra/identity-platform/userinfo */
export interface MicrosoftUserInfo {
  sub: string
  name?: string
  given_name?: string
  family_name?: string
  email?: string
  picture?: string
}

/** https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
export interface OpenIdProvider {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  userinfo_endpoint: string
  jwks_uri: string
  scopes_supported: string[]
  response_types_supported: string[]
  response_modes_supported: string[]
  subject_types_supported: string[]
  id_token_signing_alg_values_supported: string[]
  token_endpoint_auth_methods_supported: string[]
  claims_supported: string[]
  grant_types_supported?: string[]
  code_challenge_methods_supported?: string[]
  revocation_endpoint?: string
  end_session_endpoint?: string
  request_uri_parameter_supported?: boolean
  http_logout_supported?: boolean
  frontchannel_logout_supported?: boolean
  tenant_region_scope?: string | null
  cloud_instance_name?: string
  msgraph_host?: string
}
/** https://datatracker.ietf.org/doc/html/rfc7517 */
export interface KeySet {
  keys: { kty: 'RSA'; use: 'sig'; alg: 'RS256'; kid: string; n: string; e: string }[]
}
export interface MicrosoftOAuthError {
  error: string
  error_description: string
  error_codes: number[]
  timestamp: string
  trace_id: string
  correlation_id: string
  error_uri?: string
  suberror?: string
  claims?: string
}
