import { textOf, textsOf, type JsonObject } from '../json.ts'
import { invalidParameter } from './errors.ts'
import { choiceOf, flagOf } from './parameters.ts'

/** How a write is to be done, beside what is to be written. */
export interface WriteQuery {
  /** Whom Google is to tell by mail. */
  mailsTo: 'all' | 'externalOnly' | 'none'
  /** Whether the conference in the body counts. */
  writesConference: boolean
  /** Whether the attachments in the body count. */
  writesAttachments: boolean
  attendeesMax: number
  zone: string | undefined
}

/** A write that tells nobody. */
export const quietly: WriteQuery = {
  mailsTo: 'none',
  writesConference: false,
  writesAttachments: false,
  attendeesMax: Infinity,
  zone: undefined,
}

/** Reads the parameters of a write; the older `sendNotifications` counts where the newer one is not given. */
export function readWriteQuery(query: JsonObject): WriteQuery {
  const tellsAll = flagOf(query, 'sendNotifications')
  const mailsTo = choiceOf(query, 'sendUpdates', ['all', 'externalOnly', 'none'] as const)
  return {
    mailsTo: mailsTo ?? (tellsAll ? 'all' : 'none'),
    writesConference: versionOf(query, 'conferenceDataVersion') === 1,
    writesAttachments: flagOf(query, 'supportsAttachments'),
    attendeesMax: attendeesMaxOf(query),
    zone: undefined,
  }
}

/** How many guests an answer may name before it names only the one whose copy it is. */
export function attendeesMaxOf(query: JsonObject): number {
  return wholeOf(query, 'maxAttendees', 1, 2_147_483_647) ?? Infinity
}

function versionOf(query: JsonObject, name: string): number {
  return wholeOf(query, name, 0, 1) ?? 0
}

function wholeOf(query: JsonObject, name: string, from: number, to: number): number | undefined {
  const value = query[name]
  if (value === undefined) return undefined
  const text = textOf(value)
  if (text === undefined || !/^-?\d{1,10}$/.test(text))
    throw invalidParameter(name, `Invalid integer value: '${textsOf(value).join()}'.`)
  const number = Number(text)
  if (number >= from && number <= to) return number
  throw invalidParameter(name, `Invalid value '${text}'. Values must be within the range: [${from}, ${to}]`)
}
