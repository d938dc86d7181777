import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import type { World } from '../world.ts'
import { GoogleError, invalid } from './errors.ts'
import type { GoogleCalendar, GoogleEvent } from './types.ts'

type Conference = calendar_v3.Schema$ConferenceData

const meet = 'hangoutsMeet'
const addressMax = 1300

/** The conference of an event, and the link to it that Google itself adds for its own. */
export interface KeptConference {
  conferenceData?: Conference
  hangoutLink?: string
}

/**
 * The conference of an event after a write that counts: what stood, one that is made because it was asked for under a new
 * name, or one of another company as it came.
 */
export function keptConference(
  place: { world: World; calendar: GoogleCalendar },
  current: GoogleEvent | undefined,
  wished: Conference | null | undefined,
): KeptConference {
  if (!wished) return {}
  const request = wished.createRequest
  const isNew =
    Boolean(request?.requestId) && request?.requestId !== current?.conferenceData?.createRequest?.requestId
  if (isNew && request) return made(place, request)
  if (wished.entryPoints?.some(({ uri }) => (uri?.length ?? 0) > addressMax))
    throw invalid('The address of an entry point is too long.', 'conferenceData.entryPoints.uri')
  if (!wished.conferenceSolution && !wished.entryPoints && !request) return {}
  return { conferenceData: wished, ...linkOf(wished) }
}

function made(
  { world, calendar }: { world: World; calendar: GoogleCalendar },
  request: calendar_v3.Schema$CreateConferenceRequest,
): KeptConference {
  const type = request.conferenceSolutionKey?.type ?? meet
  if (!calendar.conferenceTypes.includes(type)) throw invalid('Invalid conference type value.')
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  const conferenceId = [3, 4, 3].map((length) => world.random.text(length, letters)).join('-')
  const uri = `https://meet.google.com/${conferenceId}`
  const conferenceData: Conference = {
    createRequest: {
      requestId: request.requestId ?? '',
      conferenceSolutionKey: { type },
      status: { statusCode: 'success' },
    },
    entryPoints: [{ entryPointType: 'video', uri, label: uri.slice('https://'.length) }],
    conferenceSolution: { key: { type }, name: 'Google Meet', iconUri: 'https://meet.google.com/icon.png' },
    conferenceId,
  }
  return { conferenceData, ...linkOf(conferenceData) }
}

function linkOf({ conferenceSolution, entryPoints }: Conference): { hangoutLink?: string } {
  if (conferenceSolution?.key?.type !== meet) return {}
  const uri = entryPoints?.find(({ entryPointType }) => entryPointType === 'video')?.uri
  return uri ? { hangoutLink: uri } : {}
}

const attachmentsMax = 25

/** The attachments of an event after a write that counts. */
export function keptAttachments(wished: GoogleEvent['attachments'] | null): GoogleEvent['attachments'] {
  if (!wished || wished.length === 0) return undefined
  if (wished.length > attachmentsMax) throw invalid('There are too many attachments.', 'attachments')
  if (wished.some(({ fileUrl }) => !fileUrl))
    throw new GoogleError(400, 'required', 'Missing attachment file URL.')
  return wished
}
