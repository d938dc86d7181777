import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerSchemas } from '../../scripts/parts/answer-schemas.ts'
import { complaintsAbout } from './conformance.ts'
import { play, type Played } from './played.ts'
import { expectedAnswers, routeKey } from './schemas/routes.ts'
import { tour } from './tour.ts'

let played: Played
beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())

test('every played route of the vendors answers, and as the vendors’ published types say', async () => {
  const stops = await tour(played)
  expect(stops.length).toBeGreaterThan(30)
  // What an answer looks like was held against the types as it left.
  const refused = stops.filter(
    ({ stop, answer }) => answer.status >= 400 && answer.status !== usualStatus(stop.method, stop.path),
  )
  expect(
    refused.map(({ stop, answer }) => `${stop.method} ${stop.path} → ${JSON.stringify(answer.body)}`),
  ).toEqual([])
}, 180_000)

function usualStatus(method: string, path: string): number | undefined {
  return expectedAnswers[routeKey(method, path)]?.[0]
}

test('the schemas are those of today’s types', () => {
  const file = join(import.meta.dirname, 'schemas', 'answers.json')
  expect(readFileSync(file, 'utf8') === answerSchemas(), 'npm run schemas makes them anew').toBe(true)
})

const event = {
  kind: 'calendar#event',
  etag: '"1"',
  id: 'a1b2c',
  status: 'confirmed',
  start: { date: '2026-03-05' },
}
const googleEvent = (body: object) => ({
  vendor: 'google' as const,
  method: 'GET',
  route: '/calendar/v3/calendars/:calendarId/events/:eventId',
  url: '/calendar/v3/calendars/primary/events/a1b2c',
  status: 200,
  contentType: 'application/json; charset=UTF-8',
  body: JSON.stringify(body),
})
const graphFailure = (body: object) => ({
  vendor: 'microsoft' as const,
  method: 'GET',
  route: '/v1.0/me/events/:id',
  url: '/v1.0/me/events/a',
  status: 404,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
})

test('an answer of the vendor’s shape is nothing to complain of', () => {
  expect(complaintsAbout(googleEvent(event))).toEqual([])
})

test.each([
  ['an unknown member', googleEvent({ ...event, colour: 'red' }), 'additional properties'],
  ['an unknown member further in', googleEvent({ ...event, start: { day: 'x' } }), 'additional properties'],
  ['a wrong type', googleEvent({ ...event, sequence: '1' }), 'sequence must be number'],
  ['null where nothing stands', googleEvent({ ...event, location: null }), 'location must be string'],
  ['a member too few', googleEvent({ ...event, etag: undefined }), "required property 'etag'"],
  ['another status', { ...googleEvent(event), status: 201 }, 'its status is 200'],
  ['another type of content', { ...googleEvent(event), contentType: 'text/plain' }, 'not JSON'],
  ['a truncated body', { ...googleEvent(event), body: '{"kind":' }, 'must be object'],
  ['an unknown route', { ...googleEvent(event), route: '/calendar/v3/dreams' }, 'does not know'],
  [
    'a body beside 204',
    { ...googleEvent(event), method: 'DELETE', status: 204 },
    'a body where there is none',
  ],
  [
    'an error in another vendor’s shape',
    graphFailure({ error: { code: 404, message: 'x' } }),
    'must be string',
  ],
  ['an error that tells more', graphFailure({ error: { stack: 'at' } }), 'additional properties'],
])('%s in an answer is complained of', (_case, answered, complaint) => {
  expect(complaintsAbout(answered).join('\n')).toContain(complaint)
})

test('an answer of which only some members were asked for lacks the others without complaint', () => {
  const asked = googleEvent({ id: 'a1b2c' })
  expect(complaintsAbout(asked)).not.toEqual([])
  expect(complaintsAbout({ ...asked, url: `${asked.url}?fields=id` })).toEqual([])
})
