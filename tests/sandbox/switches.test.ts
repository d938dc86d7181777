import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, list, play, reasonOf, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  graph = await played.account('microsoft', 'grace@example.com')
})

test('every switch says what it is about, what it can be and how it stands', async () => {
  const { body } = await played.control('GET', 'switches')
  const items = list(body['items'])
  expect(items.length).toBeGreaterThan(1)
  for (const item of items) {
    expect(item).toMatchObject({ isDefault: true, about: expect.stringMatching(/\.$/) })
    expect(item['choices']).toContain(item['value'])
  }
})

test('a switch decides what documentation leaves open, until it is put back', async () => {
  const { status } = await google('GET', `${events}?syncToken=nonsense`)
  expect(status).toBe(410)
  await played.control('POST', 'switches', { 'google.malformedSyncToken': 400 })
  const switched = await google('GET', `${events}?syncToken=nonsense`)
  expect([switched.status, reasonOf(switched)]).toEqual([400, 'invalid'])
  await played.control('DELETE', 'switches')
  expect((await google('GET', `${events}?syncToken=nonsense`)).status).toBe(410)
})

test('a repeated transaction id is a bad request or a conflict, as switched', async () => {
  const zone = { timeZone: 'UTC' }
  const event = {
    transactionId: 't-1',
    start: { dateTime: '2026-03-05T09:00:00', ...zone },
    end: { dateTime: '2026-03-05T10:00:00', ...zone },
  }
  await graph('POST', '/v1.0/me/events', event)
  expect((await graph('POST', '/v1.0/me/events', event)).status).toBe(400)
  await played.control('POST', 'switches', { 'microsoft.duplicateTransactionStatus': 409 })
  const repeated = await graph('POST', '/v1.0/me/events', event)
  expect([repeated.status, codeOf(repeated)]).toEqual([409, 'ErrorDuplicateTransactionId'])
})

test('an unknown switch or a value it cannot have changes nothing and says what it can be', async () => {
  const unknown = await played.control('POST', 'switches', {
    'google.malformedSyncToken': 400,
    'google.kindness': true,
  })
  expect(unknown.status).toBe(400)
  const wrong = await played.control('POST', 'switches', { 'google.malformedSyncToken': 500 })
  expect([wrong.status, JSON.stringify(wrong.body)]).toEqual([400, expect.stringContaining('410, 400')])
  expect((await google('GET', `${events}?syncToken=nonsense`)).status).toBe(410)
})

test('switches that a sandbox starts with stand so again after a reset and when all are put back', async () => {
  const other = await play({ switches: { 'google.malformedSyncToken': 400 } })
  try {
    for (const [method, path] of [
      ['POST', 'reset'],
      ['DELETE', 'switches'],
    ] as const) {
      await other.control('POST', 'switches', { 'google.malformedSyncToken': 410 })
      await other.control(method, path)
      google = await other.account('google', 'ada@example.com')
      expect((await google('GET', `${events}?syncToken=nonsense`)).status).toBe(400)
    }
  } finally {
    await other.close()
  }
  await expect(play({ switches: { 'google.malformedSyncToken': 500 } })).rejects.toThrow('410, 400')
})
