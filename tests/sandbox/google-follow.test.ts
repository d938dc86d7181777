import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
  type Arbitrary,
} from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '../../sandbox/zones.ts'
import { accountsOf, allPages, at, events } from './google-made.ts'
import { list, object, play, type Call, type Json, type Played } from './played.ts'

let played: Played
const newAccount = accountsOf(() => played, 'follow')

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())

type Step =
  | { kind: 'single'; day: number }
  | { kind: 'series'; day: number; rule: string }
  | { kind: 'retitle' | 'delete' | 'revive' | 'uncancel'; which: number }
  | { kind: 'move'; which: number; day: number }
  | { kind: 'rule'; which: number; rule: string }
  | { kind: 'touch' | 'cancel'; which: number; slot: number }
  | { kind: 'shift'; which: number; slot: number; day: number }
  | { kind: 'page'; size: number }
  | { kind: 'window'; weeks: number }
  | { kind: 'expire' }

const day = integer({ min: 1, max: 28 })
const which = nat(8)
const slot = nat(6)
const rule = constantFrom(
  'RRULE:FREQ=DAILY;COUNT=5',
  'RRULE:FREQ=DAILY;INTERVAL=2',
  'RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260401T000000Z',
  'RRULE:FREQ=WEEKLY;COUNT=3',
)

const step: Arbitrary<Step> = oneof(
  record({ kind: constant('single' as const), day }),
  record({ kind: constant('series' as const), day, rule }),
  record({
    kind: constantFrom('retitle' as const, 'delete' as const, 'revive' as const, 'uncancel' as const),
    which,
  }),
  record({ kind: constant('move' as const), which, day }),
  record({ kind: constant('rule' as const), which, rule }),
  record({ kind: constantFrom('touch' as const, 'cancel' as const), which, slot }),
  record({ kind: constant('shift' as const), which, slot, day }),
  record({ kind: constant('page' as const), size: integer({ min: 1, max: 6 }) }),
  record({ kind: constant('page' as const), size: integer({ min: 1, max: 6 }) }),
  record({ kind: constant('window' as const), weeks: integer({ min: -1, max: 2 }) }),
  record({ kind: constant('expire' as const) }),
)

/** The calls of a person, on whatever events there are. */
class Person {
  readonly #call: () => Call
  readonly #ids: string[] = []

  constructor(call: () => Call) {
    this.#call = call
  }

  async does(move: Exclude<Step, { kind: 'page' | 'window' | 'expire' }>): Promise<void> {
    const call = this.#call()
    if (move.kind === 'single' || move.kind === 'series') {
      const recurrence = move.kind === 'series' ? { recurrence: [move.rule] } : {}
      const made = await call('POST', events, { summary: 'made', ...onDay(move.day), ...recurrence })
      this.#ids.push(String(made.body['id']))
      return
    }
    const id = this.#ids[move.which % Math.max(1, this.#ids.length)]
    if (id === undefined) return
    const path = `${events}/${id}`
    switch (move.kind) {
      case 'retitle':
        return void (await call('PATCH', path, { summary: `title ${Math.trunc(performance.now() * 1000)}` }))
      case 'delete':
        return void (await call('DELETE', path))
      case 'revive':
        return void (await call('PATCH', path, { status: 'confirmed' }))
      case 'move':
        return void (await call('PATCH', path, onDay(move.day)))
      case 'rule':
        return void (await call('PATCH', path, { recurrence: [move.rule] }))
      case 'uncancel':
      case 'touch':
      case 'cancel':
      case 'shift': {
        const { body } = await call('GET', `${path}/instances?showDeleted=true&maxResults=8`)
        const instances = list(body['items'])
        const instance = instances[('slot' in move ? move.slot : 0) % Math.max(1, instances.length)]
        if (instance === undefined) return
        const change: Json =
          move.kind === 'shift'
            ? onDay(move.day)
            : move.kind === 'touch'
              ? { summary: 'touched' }
              : { status: move.kind === 'cancel' ? 'cancelled' : 'confirmed' }
        await call('PATCH', `${events}/${String(instance['id'])}`, change)
      }
    }
  }
}

function onDay(number: number): Json {
  const date = `2026-03-${String(number).padStart(2, '0')}`
  return { start: at(`${date}T09:00:00`), end: at(`${date}T10:00:00`) }
}

/** A client that keeps a calendar's events by their ids, reading a page at a time between other people's writes. */
class Follower {
  readonly kept = new Map<string, Json>()
  readonly #call: () => Call
  #parameters: string
  #sync = ''
  #page = ''

  constructor(call: () => Call, parameters: string) {
    this.#call = call
    this.#parameters = parameters
  }

  get parameters(): string {
    return this.#parameters
  }

  /** Begins anew with another window, if it has one; a token is bound to the window of its first list. */
  moveWindow(weeks: number): void {
    if (!this.#parameters.includes('timeMin')) return
    this.#parameters = this.#parameters.replaceAll(/2026-\d\d-\d\d/g, (date) => addDays(date, weeks * 7))
    this.#begin()
  }

  #begin(): void {
    this.kept.clear()
    this.#sync = ''
    this.#page = ''
  }

  /** Says whether a round ended with this page. */
  async readPage(size: number): Promise<boolean> {
    const restriction =
      this.#sync === '' ? this.#parameters : this.#parameters.replaceAll(/&?time(Min|Max)=[^&]*/g, '')
    const query = `${restriction}&maxResults=${size}${this.#sync}${this.#page}`
    const { status, body } = await this.#call()('GET', `${events}?${query}`)
    if (status === 410) {
      this.#begin()
      return false
    }
    if (status !== 200) throw new Error(`a page was answered with ${status}`)
    for (const item of list(body['items'])) this.#take(item)
    const next = body['nextPageToken']
    this.#page = typeof next === 'string' ? `&pageToken=${next}` : ''
    if (this.#page === '') this.#sync = `&syncToken=${String(body['nextSyncToken'])}`
    return this.#page === ''
  }

  #take(item: Json): void {
    const id = String(item['id'])
    const hasSeries = !this.#parameters.includes('singleEvents=true')
    const isException = item['recurringEventId'] !== undefined
    if (item['status'] !== 'cancelled' || (isException && hasSeries)) {
      this.kept.set(id, item)
      return
    }
    this.kept.delete(id)
    // A series takes its exceptions along.
    if (!hasSeries) return
    for (const [other, { recurringEventId }] of this.kept)
      if (recurringEventId === id) this.kept.delete(other)
  }
}

test.each([
  ['series and exceptions', 'singleEvents=false', {}],
  [
    'instances',
    'singleEvents=true&timeMax=2026-06-01T00:00:00Z',
    { 'google.movedOutOfWindow': 'as cancelled' },
  ],
  [
    'instances in a window that moves',
    'singleEvents=true&timeMin=2026-03-08T00:00:00Z&timeMax=2026-03-15T00:00:00Z',
    { 'google.movedOutOfWindow': 'as cancelled' },
  ],
  ['series on short pages', 'singleEvents=false', { 'google.shortPages': true }],
  ['series whose exceptions all go', 'singleEvents=false', { 'google.exceptionsOnRuleChange': 'drop all' }],
  ['series whose exceptions all stay', 'singleEvents=false', { 'google.exceptionsOnRuleChange': 'keep all' }],
])(
  'a client that follows sync tokens through %s ends with what the server has',
  async (_name, parameters, switches) => {
    await played.control('DELETE', 'switches')
    await played.control('POST', 'switches', switches)
    await assert(
      asyncProperty(array(step, { minLength: 8, maxLength: 40 }), async (plan) => {
        const { email, call } = await newAccount()
        let current = call
        const person = new Person(() => current)
        const follower = new Follower(() => current, parameters)
        for (const move of plan) {
          if (move.kind === 'page') await follower.readPage(move.size)
          else if (move.kind === 'window') follower.moveWindow(move.weeks)
          else if (move.kind === 'expire') {
            await played.control('POST', 'clock', { advance: 'P30D' })
            current = await played.account('google', email)
          } else await person.does(move)
        }
        // One round may be under way; the one after it sees everything.
        for (let rounds = 0; rounds < 2;) if (await follower.readPage(5)) rounds += 1
        const { items } = await allPages(current, follower.parameters)
        expect(told([...follower.kept.values()])).toEqual(told(items))
      }),
      { numRuns: 25 },
    )
  },
  300_000,
)

function told(items: Json[]): unknown[] {
  return items
    .map(({ id, status, summary, start, recurrence, etag }) => [
      id,
      status,
      summary,
      object(start)['dateTime'],
      recurrence,
      etag,
    ])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}
