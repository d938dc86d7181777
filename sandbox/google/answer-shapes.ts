import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { eventShape, reminderShape } from './event-shape.ts'
import { listOf, mapOf, objectOf, textsNamed, type Shape } from './shapes.ts'

const conferenceProperties = objectOf({ allowedConferenceSolutionTypes: listOf('text') })

const calendar: Record<keyof calendar_v3.Schema$Calendar, Shape> = {
  kind: 'text',
  etag: 'text',
  id: 'text',
  summary: 'text',
  description: 'text',
  location: 'text',
  timeZone: 'text',
  dataOwner: 'text',
  autoAcceptInvitations: 'flag',
  conferenceProperties,
  labelProperties: objectOf({ eventLabels: listOf(textsNamed('id', 'name', 'backgroundColor')) }),
}

const listEntry: Record<keyof calendar_v3.Schema$CalendarListEntry, Shape> = {
  kind: 'text',
  etag: 'text',
  id: 'text',
  summary: 'text',
  summaryOverride: 'text',
  description: 'text',
  location: 'text',
  timeZone: 'text',
  dataOwner: 'text',
  colorId: 'text',
  backgroundColor: 'text',
  foregroundColor: 'text',
  hidden: 'flag',
  selected: 'flag',
  primary: 'flag',
  deleted: 'flag',
  autoAcceptInvitations: 'flag',
  accessRole: 'text',
  defaultReminders: listOf(reminderShape),
  notificationSettings: objectOf({ notifications: listOf(textsNamed('type', 'method')) }),
  conferenceProperties,
}

const rule: Record<keyof calendar_v3.Schema$AclRule, Shape> = {
  kind: 'text',
  etag: 'text',
  id: 'text',
  role: 'text',
  scope: textsNamed('type', 'value'),
}

const setting = textsNamed('kind', 'etag', 'id', 'value')

const channel: Record<keyof calendar_v3.Schema$Channel, Shape> = {
  kind: 'text',
  id: 'text',
  resourceId: 'text',
  resourceUri: 'text',
  token: 'text',
  expiration: 'text',
  type: 'text',
  address: 'text',
  params: mapOf('text'),
  payload: 'flag',
}

const errors = listOf(textsNamed('domain', 'reason'))

const freeBusy: Record<keyof calendar_v3.Schema$FreeBusyResponse, Shape> = {
  kind: 'text',
  timeMin: 'text',
  timeMax: 'text',
  groups: mapOf(objectOf({ errors, calendars: listOf('text') })),
  calendars: mapOf(objectOf({ errors, busy: listOf(textsNamed('start', 'end')) })),
}

const palette = mapOf(textsNamed('background', 'foreground'))

function pageOf(item: Shape, more: Record<string, Shape> = {}): Shape {
  const envelope = { kind: 'text', etag: 'text', nextPageToken: 'text', nextSyncToken: 'text' } as const
  return objectOf({ ...envelope, items: listOf(item), ...more })
}

const events = pageOf(eventShape, {
  summary: 'text',
  description: 'text',
  updated: 'text',
  timeZone: 'text',
  accessRole: 'text',
  defaultReminders: listOf(reminderShape),
})

const below = '/calendar/v3'

/** What each address of Calendar v3 answers; the first that fits counts. */
const answers: readonly (readonly [methods: string, address: RegExp, shape: Shape])[] = [
  ['POST', /\/watch$/, objectOf(channel)],
  ['GET', /\/events(\/[^/]+\/instances)?$/, events],
  ['GET POST PUT PATCH', /\/events(\/|$)/, eventShape],
  ['GET', /\/acl$/, pageOf(objectOf(rule))],
  ['GET POST PUT PATCH', /\/acl(\/[^/]+)?$/, objectOf(rule)],
  ['GET', /\/users\/me\/calendarList$/, pageOf(objectOf(listEntry))],
  ['GET POST PUT PATCH', /\/users\/me\/calendarList(\/[^/]+)?$/, objectOf(listEntry)],
  ['GET', /\/users\/me\/settings$/, pageOf(setting)],
  ['GET', /\/users\/me\/settings\/[^/]+$/, setting],
  ['GET', /\/colors$/, objectOf({ kind: 'text', updated: 'text', calendar: palette, event: palette })],
  ['POST', /\/freeBusy$/, objectOf(freeBusy)],
  ['GET POST PUT PATCH', /\/calendars(\/[^/]+)?$/, objectOf(calendar)],
]

/** The shape of what a request is answered with when all goes well; nothing for an address without a body in its answer. */
export function answerShape(method: string, path: string): Shape | undefined {
  if (!path.startsWith(`${below}/`)) return undefined
  return answers.find(([methods, address]) => methods.split(' ').includes(method) && address.test(path))?.[2]
}
