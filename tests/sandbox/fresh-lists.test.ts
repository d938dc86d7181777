import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/server.ts'
import { list, object, play, playOn, type Call, type Json, type Played } from './played.ts'

// Lists are answered with bytes that were written for earlier answers. Whatever changes in between has to show.

let played: Played
beforeEach(async () => {
  played = await play({ now: Date.parse('2026-03-01T08:00:00Z') })
})
afterEach(() => played.close())

const at = (hour: string) => ({ dateTime: `2026-03-05T${hour}:00:00`, timeZone: 'Europe/Berlin' })
const times = { start: at('09'), end: at('10') }
const googleEvents = '/calendar/v3/calendars/primary/events'
const view = '/v1.0/me/calendarView?startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
const delta = view.replace('calendarView', 'calendarView/delta')

/** How one vendor is asked for its events and told of new ones. */
interface Vendor {
  call: Call
  events: string
  lists: string[]
  titled: (title: string) => Json
  title: 'summary' | 'subject'
}

async function vendor(name: 'google' | 'microsoft'): Promise<Vendor> {
  const call = await played.account(name, `dana@${name}.example`)
  return name === 'google'
    ? {
        call,
        events: googleEvents,
        lists: [googleEvents, `${googleEvents}?prettyPrint=false`, `${googleEvents}?orderBy=updated`],
        titled: (title) => ({ summary: title, ...times }),
        title: 'summary',
      }
    : {
        call,
        events: '/v1.0/me/events',
        lists: [view, '/v1.0/me/events', delta],
        titled: (title) => ({ subject: title, ...times }),
        title: 'subject',
      }
}

const itemsOf = (body: Json): Json[] => list(body['items'] ?? body['value'])

/** The titles on each list, which are asked for twice so that the second answer is of written bytes. */
async function titles({ call, lists, title }: Vendor): Promise<string[][]> {
  const answers = []
  for (const address of [...lists, ...lists]) answers.push((await call('GET', address)).body)
  return answers.map((body) => itemsOf(body).map((item) => String(item[title])))
}

const everywhere = (names: string[]): string[][] => Array.from({ length: 6 }, () => names)
const sorted = (found: string[][]): string[][] =>
  found.map((names) => names.toSorted((one, other) => one.localeCompare(other)))

test.each(['google', 'microsoft'] as const)(
  'a list of %s that was just answered shows the next write',
  async (name) => {
    const at = await vendor(name)
    const ids: string[] = []
    for (const title of ['A', 'B', 'C'])
      ids.push(String((await at.call('POST', at.events, at.titled(title))).body['id']))
    expect(sorted(await titles(at))).toEqual(everywhere(['A', 'B', 'C']))
    await at.call('PATCH', `${at.events}/${ids[1]}`, { [at.title]: 'X' })
    expect(sorted(await titles(at))).toEqual(everywhere(['A', 'C', 'X']))
    await at.call('DELETE', `${at.events}/${ids[2]}`)
    expect(sorted(await titles(at))).toEqual(everywhere(['A', 'X']))
    await at.call('POST', at.events, at.titled('D'))
    expect(sorted(await titles(at))).toEqual(everywhere(['A', 'D', 'X']))
  },
)

test.each(['google', 'microsoft'] as const)(
  'a list of %s is as it was once a snapshot is restored, and changes again after it',
  async (name) => {
    const at = await vendor(name)
    const { body } = await at.call('POST', at.events, at.titled('A'))
    await at.call('POST', at.events, at.titled('B'))
    await titles(at)
    const snapshot = await played.control('POST', 'snapshot')
    await at.call('PATCH', `${at.events}/${String(body['id'])}`, { [at.title]: 'X' })
    expect(sorted(await titles(at))).toEqual(everywhere(['B', 'X']))
    await played.control('POST', 'restore', { id: snapshot.body['id'] })
    expect(sorted(await titles(at))).toEqual(everywhere(['A', 'B']))
    await at.call('PATCH', `${at.events}/${String(body['id'])}`, { [at.title]: 'Y' })
    expect(sorted(await titles(at))).toEqual(everywhere(['B', 'Y']))
  },
)

test('Graph shows the same events in the zone, the bodies and the ids that each call prefers', async () => {
  const { call, events } = await vendor('microsoft')
  for (const subject of ['A', 'B'])
    await call('POST', events, { subject, ...times, body: { contentType: 'html', content: '<b>Hi</b>' } })
  const seen = async (address: string, prefer?: string): Promise<unknown[]> => {
    const { body } = await call('GET', address, undefined, prefer === undefined ? {} : { prefer })
    return itemsOf(body).map((item) => [
      object(item['start'])['dateTime'],
      object(item['body'])['contentType'],
      String(item['id']).slice(0, 6),
    ])
  }
  for (const address of [view, events, delta, view]) {
    for (const [prefer, start, type, id] of [
      [undefined, '08', 'html', 'AAMkAD'],
      ['outlook.timezone="Europe/Berlin"', '09', 'html', 'AAMkAD'],
      ['outlook.body-content-type="text"', '08', 'text', 'AAMkAD'],
      ['IdType="ImmutableId"', '08', 'html', 'AAkALg'],
      [undefined, '08', 'html', 'AAMkAD'],
    ] as const) {
      const one = [`2026-03-05T${start}:00:00.0000000`, type, id]
      expect([prefer, ...(await seen(address, prefer))]).toEqual([prefer, one, one])
    }
  }
})

test('Graph shows only what is selected, in between and not afterwards', async () => {
  const { call, events, titled } = await vendor('microsoft')
  await call('POST', events, titled('A'))
  const names = async (more: string): Promise<string[]> =>
    itemsOf((await call('GET', `${view}${more}`)).body).flatMap((item) => Object.keys(item))
  const all = await names('')
  expect(await names('&$select=subject')).toEqual(['@odata.etag', 'id', 'subject'])
  expect(await names('')).toEqual(all)
})

test('what a switch says of delta’s items holds from the next list on', async () => {
  const { call, events, titled } = await vendor('microsoft')
  await call('POST', events, titled('A'))
  const subjects = async (): Promise<unknown[]> =>
    itemsOf((await call('GET', delta)).body).map(({ subject }) => subject)
  expect(await subjects()).toEqual(['A'])
  await played.control('POST', 'switches', { 'microsoft.deltaItems': 'skeletons' })
  expect(await subjects()).toEqual([undefined])
  await played.control('DELETE', 'switches')
  expect(await subjects()).toEqual(['A'])
})

test('Google shows the same events in the zone and with the guests that each call asks for', async () => {
  const { call } = await vendor('google')
  const attendees = [{ email: 'ann@else.example' }, { email: 'bob@else.example' }]
  await call('POST', googleEvents, { summary: 'A', ...times, attendees })
  await call('POST', googleEvents, { summary: 'B', ...times, attendees })
  const seen = async (query: string): Promise<unknown[]> =>
    itemsOf((await call('GET', `${googleEvents}${query}`)).body).map((item) => [
      object(item['start'])['dateTime'],
      list(item['attendees']).length,
    ])
  const usual = ['2026-03-05T09:00:00+01:00', 2]
  for (const [query, one] of [
    ['', usual],
    ['?timeZone=Asia/Tokyo', ['2026-03-05T17:00:00+09:00', 2]],
    ['?maxAttendees=1', ['2026-03-05T09:00:00+01:00', 0]],
    ['', usual],
  ] as const)
    expect([query, ...(await seen(query))]).toEqual([query, one, one])
})

test('two people see one calendar each as their role there lets them, whoever asked last', async () => {
  const owner = await played.account('google', 'dana@google.example')
  const reader = await played.account('google', 'ann@google.example')
  const address = '/calendar/v3/calendars/dana@google.example/events'
  await owner('POST', address, { summary: 'Open', ...times })
  await owner('POST', address, { summary: 'Secret', visibility: 'private', ...times })
  const scope = { type: 'user', value: 'ann@google.example' }
  await owner('POST', '/calendar/v3/calendars/dana@google.example/acl', { role: 'reader', scope })
  const seenBy = async (call: Call): Promise<unknown[]> =>
    itemsOf((await call('GET', address)).body).map(({ summary }) => summary)
  for (let round = 0; round < 2; round += 1) {
    expect(await seenBy(owner)).toEqual(['Open', 'Secret'])
    expect(await seenBy(reader)).toEqual(['Open', undefined])
  }
  await owner('POST', '/calendar/v3/calendars/dana@google.example/acl', { role: 'writer', scope })
  expect(await seenBy(reader)).toEqual(['Open', 'Secret'])
})

test('a guest’s copy of a meeting is told as the guest’s, beside the organizer’s own', async () => {
  const [dana, ann] = [
    await played.account('google', 'dana@google.example'),
    await played.account('google', 'ann@google.example'),
  ]
  const attendees = [{ email: 'ann@google.example' }]
  const { body } = await dana('POST', googleEvents, { summary: 'Together', attendees, ...times })
  const seenBy = async (call: Call): Promise<unknown[]> =>
    itemsOf((await call('GET', googleEvents)).body).map(({ id, summary, organizer }) => [
      id,
      summary,
      object(organizer)['self'] === true,
    ])
  for (let round = 0; round < 2; round += 1) {
    expect(await seenBy(dana)).toEqual([[body['id'], 'Together', true]])
    expect(await seenBy(ann)).toEqual([[body['id'], 'Together', false]])
  }
})

test('the length of a list is told in bytes, to a HEAD too', async () => {
  // What a HEAD is answered has no type of a vendor's.
  const plain = playOn(await startSandbox({ seed: 'heads' }))
  const call = await plain.account('microsoft', 'dana@microsoft.example')
  await call('POST', '/v1.0/me/events', { subject: 'Grüße', ...times })
  for (let round = 0; round < 2; round += 1) {
    const { headers, body } = await call('GET', view)
    const length = String(Buffer.byteLength(JSON.stringify(body)))
    expect(headers.get('content-length')).toBe(length)
    expect((await call('HEAD', view)).headers.get('content-length')).toBe(length)
  }
  await plain.close()
})
