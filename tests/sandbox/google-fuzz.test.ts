import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  record,
  string,
} from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { events, series } from './google-made.ts'
import { list, object, play, type Answer, type Call, type Played } from './played.ts'

let played: Played
let google: Call

beforeAll(async () => {
  played = await play()
  google = await played.account('google', 'fuzz@example.com')
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
})
afterAll(() => played.close())

/** Either the work was done, or it was refused as Google refuses: never a fault of the sandbox’s own. */
function isGoogles({ status, body }: Answer): boolean {
  if (status < 400) return true
  const error = object(body['error'])
  const [first] = list(error['errors'])
  return (status < 500 || status === 501) && error['code'] === status && typeof first?.['reason'] === 'string'
}

const method = constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
const id = oneof(
  constantFrom('serie', 'serie_20260306T080000Z', 'serie_20269999', 'import', 'watch'),
  string(),
)
const path = oneof(
  id.map((one) => `${events}/${encodeURIComponent(one)}`),
  id.map((one) => `${events}/${encodeURIComponent(one)}/instances`),
  id.map((one) => `${events}/${encodeURIComponent(one)}/move`),
  constantFrom(events, `${events}/import`, `${events}/quickAdd`, '/calendar/v3/nothing'),
)
const parameter = constantFrom(
  ...'timeMin timeMax maxResults pageToken syncToken orderBy q fields timeZone updatedMin eventTypes singleEvents'.split(
    ' ',
  ),
  ...'showDeleted maxAttendees destination sendUpdates conferenceDataVersion originalStart privateExtendedProperty'.split(
    ' ',
  ),
)
const value = oneof(
  string(),
  constantFrom('true', '1', '-1', '2026-03-05T09:00:00Z', 'startTime', 'items(id', '*/*'),
)
const member = constantFrom(
  ...'id start end recurrence attendees reminders extendedProperties status sequence eventType conferenceData'.split(
    ' ',
  ),
  ...'__proto__ visibility organizer originalStartTime iCalUID attachments source colorId constructor'.split(
    ' ',
  ),
)
const body = oneof(
  jsonValue(),
  dictionary(member, jsonValue()),
  record({ start: jsonValue(), end: jsonValue(), recurrence: array(string()) }),
  dictionary(member, jsonValue()).map((more) => ({
    ...series('fuzz0', 'RRULE:FREQ=DAILY;COUNT=2'),
    ...more,
  })),
)

test('whatever is sent to the events of a calendar is answered as Google would', async () => {
  const call = asyncProperty(
    method,
    path,
    dictionary(parameter, value),
    body,
    async (how, where, query, sent) => {
      const hasBody = ['POST', 'PUT', 'PATCH'].includes(how)
      const headers = hasBody ? { 'content-type': 'application/json' } : {}
      const text = hasBody ? JSON.stringify(sent) : undefined
      const answer = await google(how, `${where}?${new URLSearchParams(query).toString()}`, text, headers)
      expect(isGoogles(answer), `${answer.status} ${JSON.stringify(answer.body).slice(0, 400)}`).toBe(true)
    },
  )
  await assert(call, { numRuns: 300 })
})
