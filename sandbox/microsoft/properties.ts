import type { Event } from '@microsoft/microsoft-graph-types'
import { nowOf, type World } from '../world.ts'
import { keptAttendees, never } from './attendees.ts'
import { storedBody } from './body.ts'
import { graphTime } from './graph-time.ts'
import { keptLocations, nowhere } from './locations.ts'
import { onlineMeetingOf } from './online-meeting.ts'
import type { EventBody } from './resource.ts'
import type { MicrosoftAccount } from './types.ts'

const unset = {
  createdDateTime: never,
  lastModifiedDateTime: never,
  categories: [],
  transactionId: null,
  iCalUId: '',
  reminderMinutesBeforeStart: 15,
  isReminderOn: true,
  hasAttachments: false,
  subject: '',
  bodyPreview: '',
  importance: 'normal',
  sensitivity: 'normal',
  isCancelled: false,
  isOrganizer: true,
  responseRequested: true,
  showAs: 'busy',
  onlineMeetingUrl: null,
  isOnlineMeeting: false,
  onlineMeetingProvider: 'unknown',
  allowNewTimeProposals: true,
  isDraft: false,
  hideAttendees: false,
  responseStatus: { response: 'organizer', time: never },
  body: { contentType: 'html', content: '' },
  location: nowhere,
  locations: [],
  recurrence: null,
  attendees: [],
  organizer: null,
  onlineMeeting: null,
} satisfies Event

/** Everything an event has before anybody says otherwise. */
export const unsetProperties: UnsetProperties = unset
export type PropertyName = keyof typeof unset
export type Property<N extends PropertyName> = Event[N] & ({} | null)
type UnsetProperties = { readonly [N in PropertyName]: Property<N> }

/** Properties a write sets as they are sent; the rest of the resource is made by the server or handled apart. */
export const writable = [
  'subject',
  'showAs',
  'sensitivity',
  'importance',
  'categories',
  'isReminderOn',
  'reminderMinutesBeforeStart',
  'responseRequested',
  'allowNewTimeProposals',
  'hideAttendees',
] as const

/** What the server itself decides of a new event. */
export function newProperties(world: World, account: MicrosoftAccount): Event {
  const now = graphTime(nowOf(world))
  const { email } = account
  return {
    createdDateTime: now,
    lastModifiedDateTime: now,
    iCalUId: newUid(world),
    organizer: { emailAddress: { name: email, address: email } },
  }
}

/**
 * The properties of a write that take effect, with what the server makes of them; null puts a property back to what it
 * is by default. Of what was there before, attendees keep their answers.
 */
export function chosenProperties(world: World, body: EventBody, before: Event, copy: string): Event {
  const chosen: Event = {}
  for (const name of writable) {
    const value = body[name]
    if (value !== undefined) Object.assign(chosen, { [name]: value ?? unsetProperties[name] })
  }
  if (body.body !== undefined) Object.assign(chosen, storedBody(body.body, copy))
  if (body.location !== undefined || body.locations !== undefined)
    Object.assign(chosen, keptLocations(body.location, body.locations))
  if (body.attendees !== undefined)
    chosen.attendees = keptAttendees(world.state, body.attendees ?? [], before.attendees)
  return { ...chosen, ...onlineMeetingOf(world, body, before, chosen, copy) }
}

/** A global object id as Outlook makes them: 16 fixed bytes, no date, the time, and 16 bytes of chance. */
function newUid(world: World): string {
  const hex = '0123456789ABCDEF'
  const time = world.random.text(16, hex)
  const chance = world.random.text(32, hex)
  return ['040000008200E00074C5B7101A82E00800000000', time, '000000000000000010000000', chance].join('')
}

/** The uid of one occurrence: its date stands in the four bytes that are zero for the series. */
export function occurrenceUid(uid: string, date: string): string {
  const parts = /^(040000008200E00074C5B7101A82E008)00000000(.+)$/.exec(uid)
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const digits = (value: number, length: number): string =>
    value.toString(16).toUpperCase().padStart(length, '0')
  if (parts === null) return `${uid}${date.replaceAll('-', '')}`
  return `${parts[1] ?? ''}${digits(year, 4)}${digits(month, 2)}${digits(day, 2)}${parts[2] ?? ''}`
}
