import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf, meeting, play, type Call, type Played } from './played.ts'

const root = '/v1.0/me'
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
  graph = await played.account('microsoft', 'grace@example.com', { calendars: ['Work'] })
  for (const title of ['Retro', 'Review', 'Demo']) await graph('POST', `${root}/events`, meeting(title, 9))
})
afterAll(() => played.close())

test.each([
  [`${root}/events/$count`, '3'],
  [`/v1.0/users/grace@example.com/calendar/events/$count`, '3'],
  [`${root}/events/$count?$filter=startswith(subject,'re')`, '2'],
  [`${root}/events/$count?$top=1`, '3'],
  [`${root}/calendars/$count`, '2'],
  [`${root}/calendars/$count?$filter=name eq 'Work'`, '1'],
  [`${root}/calendarGroup/calendars/$count`, '2'],
  [`${root}/calendarGroups/$count`, '2'],
])('%s is answered with a bare number', async (path, count) => {
  const { status, headers, body } = await graph('GET', path)
  expect([status, headers.get('content-type'), body['text']]).toEqual([
    200,
    expect.stringMatching(/^text\/plain/),
    count,
  ])
})

test('a filter that cannot be read is refused where things are counted, too', async () => {
  const refused = await graph('GET', `${root}/events/$count?$filter=sunny`)
  expect([refused.status, codeOf(refused)]).toEqual([400, 'RequestBroker--ParseUri'])
})
