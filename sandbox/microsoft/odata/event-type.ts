import { collection, complex, enumeration, type Complex, type Edm } from './edm.ts'

const text: Edm = { kind: 'string' }
const flag: Edm = { kind: 'boolean' }
const whole: Edm = { kind: 'int' }
const number: Edm = { kind: 'double' }
const date: Edm = { kind: 'date' }
const instant: Edm = { kind: 'instant' }

const dayNames = 'sunday monday tuesday wednesday thursday friday saturday'
const dayOfWeek = enumeration('dayOfWeek', dayNames)
const response = enumeration(
  'responseType',
  'none organizer tentativelyAccepted accepted declined notResponded',
)

const dateTimeTimeZone = complex('dateTimeTimeZone', { dateTime: { kind: 'wall' }, timeZone: text })
const emailAddress = complex('emailAddress', { name: text, address: text })
const responseStatus = complex('responseStatus', { response, time: instant })
export const timeSlot = complex('timeSlot', { start: dateTimeTimeZone, end: dateTimeTimeZone })

const attendee = complex('attendee', {
  type: enumeration('attendeeType', 'required optional resource'),
  status: responseStatus,
  emailAddress,
  proposedNewTime: timeSlot,
})

const location = complex('location', {
  displayName: text,
  locationType: enumeration(
    'locationType',
    'default conferenceRoom homeAddress businessAddress geoCoordinates streetAddress hotel restaurant localBusiness postalAddress',
  ),
  uniqueIdType: enumeration('locationUniqueIdType', 'unknown locationStore directory private bing'),
  uniqueId: text,
  locationUri: text,
  locationEmailAddress: text,
  address: complex('physicalAddress', {
    type: enumeration('physicalAddressType', 'unknown home business other'),
    postOfficeBox: text,
    street: text,
    city: text,
    state: text,
    countryOrRegion: text,
    postalCode: text,
  }),
  coordinates: complex('outlookGeoCoordinates', {
    latitude: number,
    longitude: number,
    altitude: number,
    accuracy: number,
    altitudeAccuracy: number,
  }),
})

const patternedRecurrence = complex('patternedRecurrence', {
  pattern: complex('recurrencePattern', {
    type: enumeration(
      'recurrencePatternType',
      'daily weekly absoluteMonthly relativeMonthly absoluteYearly relativeYearly',
    ),
    interval: whole,
    month: whole,
    dayOfMonth: whole,
    daysOfWeek: collection(dayOfWeek),
    firstDayOfWeek: dayOfWeek,
    index: enumeration('weekIndex', 'first second third fourth last'),
  }),
  range: complex('recurrenceRange', {
    type: enumeration('recurrenceRangeType', 'endDate noEnd numbered'),
    startDate: date,
    endDate: date,
    recurrenceTimeZone: text,
    numberOfOccurrences: whole,
  }),
})

const onlineMeetingInfo = complex('onlineMeetingInfo', {
  joinUrl: text,
  conferenceId: text,
  quickDial: text,
  tollNumber: text,
  tollFreeNumbers: collection(text),
  phones: collection(complex('phone', {}, true)),
})

const open = (name: string): Complex => complex(name, {}, true)

/** What an event has beside its properties; shown only when expanded. */
export const navigations: Record<string, Edm> = {
  singleValueExtendedProperties: collection(
    complex('singleValueLegacyExtendedProperty', { id: { kind: 'propertyId' }, value: text }),
  ),
  multiValueExtendedProperties: collection(
    complex('multiValueLegacyExtendedProperty', { id: { kind: 'propertyId' }, value: collection(text) }),
  ),
  extensions: collection(complex('extension', { id: text }, true)),
  attachments: collection(open('attachment')),
  calendar: open('calendar'),
  instances: collection(open('event')),
  exceptionOccurrences: collection(open('event')),
}

/**
 * The event, by Microsoft Graph's published metadata (https://graph.microsoft.com/v1.0/$metadata).
 */
export const eventType = complex('event', {
  id: text,
  createdDateTime: instant,
  lastModifiedDateTime: instant,
  changeKey: text,
  categories: collection(text),
  transactionId: text,
  originalStartTimeZone: text,
  originalEndTimeZone: text,
  iCalUId: text,
  uid: text,
  reminderMinutesBeforeStart: whole,
  isReminderOn: flag,
  hasAttachments: flag,
  subject: text,
  bodyPreview: text,
  importance: enumeration('importance', 'low normal high'),
  sensitivity: enumeration('sensitivity', 'normal personal private confidential'),
  isAllDay: flag,
  isCancelled: flag,
  isOrganizer: flag,
  responseRequested: flag,
  seriesMasterId: { kind: 'itemId' },
  showAs: enumeration('freeBusyStatus', 'free tentative busy oof workingElsewhere unknown'),
  type: enumeration('eventType', 'singleInstance occurrence exception seriesMaster'),
  webLink: text,
  onlineMeetingUrl: text,
  isOnlineMeeting: flag,
  onlineMeetingProvider: enumeration(
    'onlineMeetingProviderType',
    'unknown skypeForBusiness skypeForConsumer teamsForBusiness',
  ),
  allowNewTimeProposals: flag,
  occurrenceId: text,
  isDraft: flag,
  hideAttendees: flag,
  originalStart: instant,
  cancelledOccurrences: collection(text),
  responseStatus,
  body: complex('itemBody', { contentType: enumeration('bodyType', 'text html'), content: text }),
  start: dateTimeTimeZone,
  end: dateTimeTimeZone,
  location,
  locations: collection(location),
  recurrence: patternedRecurrence,
  attendees: collection(attendee),
  organizer: complex('recipient', { emailAddress }),
  onlineMeeting: onlineMeetingInfo,
  ...navigations,
})
