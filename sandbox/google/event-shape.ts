import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { listOf, mapOf, objectOf, textsNamed, type Shape } from './shapes.ts'

const time = textsNamed('date', 'dateTime', 'timeZone')

const person: Shape = objectOf({ id: 'text', email: 'text', displayName: 'text', self: 'flag' })

export const reminderShape: Shape = objectOf({ method: 'text', minutes: 'integer' })

const attendee: Record<keyof calendar_v3.Schema$EventAttendee, Shape> = {
  id: 'text',
  email: 'text',
  displayName: 'text',
  organizer: 'flag',
  self: 'flag',
  resource: 'flag',
  optional: 'flag',
  responseStatus: 'text',
  comment: 'text',
  additionalGuests: 'integer',
  asyncOperation: 'text',
}

const entryPoint: Record<keyof calendar_v3.Schema$EntryPoint, Shape> = {
  entryPointType: 'text',
  uri: 'text',
  label: 'text',
  pin: 'text',
  accessCode: 'text',
  meetingCode: 'text',
  passcode: 'text',
  password: 'text',
  regionCode: 'text',
  entryPointFeatures: listOf('text'),
}

const solutionKey = textsNamed('type')

const conferenceData: Record<keyof calendar_v3.Schema$ConferenceData, Shape> = {
  createRequest: objectOf({
    requestId: 'text',
    conferenceSolutionKey: solutionKey,
    status: textsNamed('statusCode'),
  }),
  entryPoints: listOf(objectOf(entryPoint)),
  conferenceSolution: objectOf({ key: solutionKey, name: 'text', iconUri: 'text' }),
  conferenceId: 'text',
  signature: 'text',
  notes: 'text',
  parameters: objectOf({ addOnParameters: objectOf({ parameters: mapOf('text') }) }),
}

const gadget: Shape = objectOf({
  type: 'text',
  title: 'text',
  link: 'text',
  iconLink: 'text',
  width: 'integer',
  height: 'integer',
  display: 'text',
  preferences: mapOf('text'),
})

const workingLocation: Shape = objectOf({
  type: 'text',
  homeOffice: 'anything',
  customLocation: textsNamed('label'),
  officeLocation: textsNamed('buildingId', 'floorId', 'floorSectionId', 'deskId', 'label'),
})

/** The members of an event: https://developers.google.com/workspace/calendar/api/v3/reference/events */
export const eventMembers: Record<keyof calendar_v3.Schema$Event, Shape> = {
  kind: 'text',
  etag: 'text',
  id: 'text',
  status: 'text',
  htmlLink: 'text',
  created: 'text',
  updated: 'text',
  summary: 'text',
  description: 'text',
  location: 'text',
  colorId: 'text',
  eventLabelId: 'text',
  creator: person,
  organizer: person,
  start: time,
  end: time,
  endTimeUnspecified: 'flag',
  recurrence: listOf('text'),
  recurringEventId: 'text',
  originalStartTime: time,
  transparency: 'text',
  visibility: 'text',
  iCalUID: 'text',
  sequence: 'integer',
  attendees: listOf(objectOf(attendee)),
  attendeesOmitted: 'flag',
  extendedProperties: objectOf({ private: mapOf('text'), shared: mapOf('text') }),
  hangoutLink: 'text',
  conferenceData: objectOf(conferenceData),
  gadget,
  anyoneCanAddSelf: 'flag',
  guestsCanInviteOthers: 'flag',
  guestsCanModify: 'flag',
  guestsCanSeeOtherGuests: 'flag',
  privateCopy: 'flag',
  locked: 'flag',
  reminders: objectOf({ useDefault: 'flag', overrides: listOf(reminderShape) }),
  source: textsNamed('url', 'title'),
  attachments: listOf(textsNamed('fileUrl', 'title', 'mimeType', 'iconLink', 'fileId')),
  eventType: 'text',
  workingLocationProperties: workingLocation,
  outOfOfficeProperties: textsNamed('autoDeclineMode', 'declineMessage'),
  focusTimeProperties: textsNamed('autoDeclineMode', 'declineMessage', 'chatStatus'),
  birthdayProperties: textsNamed('contact', 'type', 'customTypeName'),
}

export const eventShape: Shape = objectOf(eventMembers)
