import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { list, play, timed, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call
let authorization: string

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  const { body } = await played.control('POST', 'accounts/ada@example.com/token?vendor=google')
  authorization = `Bearer ${String(body['access_token'])}`
})

/** The bytes of an answer, as no client unpacks them. */
function rawAnswer(
  path: string,
  headers: Record<string, string>,
): Promise<{ encoding: string; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${played.sandbox.url}${path}`,
      { headers: { authorization, ...headers } },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({ encoding: answer.headers['content-encoding'] ?? 'none', bytes: Buffer.concat(chunks) }),
        )
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

test('an answer is in gzip for who accepts it and has the word in the program’s name, and for nobody else', async () => {
  await google('POST', events, timed('a', 9))
  const accepted = { 'accept-encoding': 'gzip' }
  const zipped = await rawAnswer(events, { ...accepted, 'user-agent': 'my program (gzip)' })
  expect(zipped.encoding).toBe('gzip')
  expect(gunzipSync(zipped.bytes).toString()).toMatch(/"summary": ?"a"/)
  for (const headers of [
    { ...accepted, 'user-agent': 'my program' },
    { 'user-agent': 'my program (gzip)' },
  ]) {
    const plain = await rawAnswer(events, headers)
    expect([plain.encoding, /"summary": ?"a"/.test(plain.bytes.toString())]).toEqual(['none', true])
  }
})

test('a POST is what its header says it is', async () => {
  const { body } = await google('POST', events, { ...timed('a', 9), id: 'event0' })
  const as = (method: string) => ({ 'x-http-method-override': method })
  const patched = await google('POST', `${events}/event0`, { summary: 'b' }, as('PATCH'))
  expect(patched.body).toMatchObject({ summary: 'b', start: body['start'] })
  expect((await google('POST', `${events}/event0`, undefined, as('GET'))).body).toMatchObject({
    summary: 'b',
  })
  expect((await google('POST', `${events}/event0`, undefined, as('DELETE'))).status).toBe(204)
  const log = await played.control('GET', 'requests?vendor=google')
  expect(list(log.body['items']).map(({ method }) => method)).toEqual(['POST', 'PATCH', 'GET', 'DELETE'])
})

test('no other method becomes another, and no other word is one', async () => {
  const kept = await google('GET', events, undefined, { 'x-http-method-override': 'DELETE' })
  expect(kept.status).toBe(200)
  const made = await google('POST', events, timed('a', 9), { 'x-http-method-override': 'CONNECT' })
  expect(made.status).toBe(200)
})
