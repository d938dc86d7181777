import { afterEach, beforeEach, expect, test } from 'vitest'
import { listen, type Hook } from './hook.ts'
import { list, meeting, play, timed, until, type Call, type Played } from './played.ts'

const begin = '2026-03-05T08:00:00.000Z'
const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call
let hook: Hook

beforeEach(async () => {
  played = await play({ now: Date.parse(begin), frozen: true })
  google = await played.account('google', 'ada@example.com')
  hook = await listen()
})
afterEach(async () => {
  await played.close()
  await hook.close()
})

const watch = () =>
  google('POST', `${events}/watch`, { id: 'channel', type: 'web_hook', address: `${hook.url}/hook` })
const move = (by: string) => played.control('POST', 'clock', { advance: by })
const states = () => hook.received.map(({ headers }) => headers['x-goog-resource-state'])

test('a frozen clock stands still, and everything made meanwhile bears the same time', async () => {
  const made = [await google('POST', events, timed('a', 9)), await google('POST', events, timed('b', 9))]
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect((await played.control('GET', 'clock')).body).toEqual({ now: begin, frozen: true })
  expect(made.map(({ body }) => body['created'])).toEqual([begin, begin])
  const { body } = await played.control('GET', 'requests')
  expect(new Set(list(body['items']).map(({ at }) => at))).toEqual(new Set([begin]))
})

test('a clock that is let run goes on from where it stood, and stands again when it is stopped', async () => {
  await played.control('POST', 'clock', { frozen: false })
  await until(async () => String((await played.control('GET', 'clock')).body['now']) > begin)
  const { body } = await played.control('POST', 'clock', { frozen: true })
  expect(String(body['now']).slice(0, 16)).toBe(begin.slice(0, 16))
  expect((await played.control('GET', 'clock')).body).toEqual(body)
})

test('nothing is sent while the clock stands; moving it answers after what became due was sent', async () => {
  await watch()
  expect(hook.received).toEqual([])
  await move('PT1S')
  expect(states()).toEqual(['sync'])
  await google('POST', events, timed('a', 9))
  await google('POST', events, timed('b', 9))
  await move('PT1S')
  expect(states()).toEqual(['sync', 'exists'])
})

test('what becomes due on the way happens at its own time, repetitions included', async () => {
  await watch()
  hook.answerWith(503)
  await move('PT1M')
  const { body } = await played.control('GET', 'notifications')
  const after = list(body['items']).map(({ at }) => Date.parse(String(at)) - Date.parse(begin))
  expect(after).toEqual([10, 110, 510, 2110])
  expect((await played.control('GET', 'clock')).body['now']).toBe('2026-03-05T08:01:00.000Z')
})

test('a clock that is set back keeps waiting what waits', async () => {
  await watch()
  await played.control('POST', 'clock', { now: '2020-01-01T00:00:00Z' })
  expect(hook.received).toEqual([])
  await move('PT1S')
  expect(states()).toEqual(['sync'])
})

test('a program in the same process moves the clock without a request', async () => {
  const { clock } = played.sandbox
  await watch()
  await clock.advance(1000)
  expect([new Date(clock.now()).toISOString(), states()]).toEqual(['2026-03-05T08:00:01.000Z', ['sync']])
  await clock.set(Date.parse('2026-04-01T00:00:00Z'))
  clock.setFrozen(false)
  expect([clock.isFrozen(), clock.now() >= Date.parse('2026-04-01T00:00:00Z')]).toEqual([false, true])
  expect((await google('GET', events)).status).toBe(401)
})

test('a reset puts the clock back to where it began', async () => {
  await move('P3D')
  await played.control('POST', 'clock', { frozen: false })
  await played.control('POST', 'reset')
  expect((await played.control('GET', 'clock')).body).toEqual({ now: begin, frozen: true })
})

test('a restored snapshot stands at its own time, and what was still to be sent is not', async () => {
  await watch()
  await move('PT1S')
  await played.control('POST', 'snapshot')
  await google('POST', events, timed('a', 9))
  await move('PT0.001S')
  await played.control('POST', 'restore')
  expect((await played.control('GET', 'clock')).body['now']).toBe('2026-03-05T08:00:01.000Z')
  await move('PT1H')
  expect(states()).toEqual(['sync'])
})

test('the same calls at the same times give the same answers for the same seed', async () => {
  const run = async () => {
    await using other = await another()
    const graph = await other.played.account('microsoft', 'grace@example.com')
    const caller = await other.played.account('google', 'ada@example.com')
    const answers = [
      await caller('POST', events, timed('a', 9)),
      await graph('POST', '/v1.0/me/events', meeting('b', 9)),
    ]
    await other.played.control('POST', 'clock', { advance: 'PT5M' })
    answers.push(await caller('GET', events), await graph('GET', '/v1.0/me/events'))
    const mark = new RegExp(other.played.sandbox.url, 'g')
    return answers.map(({ body }) => JSON.stringify(body).replaceAll(mark, ''))
  }
  expect(await run()).toEqual(await run())
})

async function another() {
  const own = await play({ now: Date.parse(begin), frozen: true })
  return { played: own, [Symbol.asyncDispose]: () => own.close() }
}

test.each([
  [{}, 'Say now'],
  [{ now: 'noon' }, 'now must be'],
  [{ now: 5 }, 'now must be'],
  [{ now: begin, advance: 'PT1H' }, 'either now or advance'],
  [{ advance: 'soon' }, 'advance must be'],
  [{ advance: 'P9000Y' }, '1970 to 9999'],
  [{ now: '1969-12-31T00:00:00Z' }, '1970 to 9999'],
  [{ frozen: 'yes' }, 'frozen must be'],
])('%j moves no clock and says why', async (wish, words) => {
  const { status, body } = await played.control('POST', 'clock', wish)
  expect([status, body['error']]).toEqual([400, expect.stringContaining(words)])
  expect((await played.control('GET', 'clock')).body).toEqual({ now: begin, frozen: true })
})
