import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { list, play, reasonOf, type Answer, type Call, type Played } from './played.ts'

const path = '/calendar/v3/users/me/calendarList'
const email = 'ada@example.com'
let played: Played
let google: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', email, {
    calendars: [
      'Team',
      { name: 'Busy', accessRole: 'freeBusyReader' },
      { name: 'Read', accessRole: 'reader' },
      { name: 'Write', accessRole: 'writer' },
      { name: 'Holidays', isHoliday: true },
    ],
  })
})

const names = ({ body }: Answer) => list(body['items']).map(({ summary }) => summary)
const all = [email, 'Team', 'Busy', 'Read', 'Write', 'Holidays']

async function idOf(name: string): Promise<string> {
  const items = list((await google('GET', `${path}?showHidden=true`)).body['items'])
  return String(items.find(({ summary }) => summary === name)?.['id'])
}
const entryPath = async (name: string) => `${path}/${encodeURIComponent(await idOf(name))}`
const tokenOf = async (query = '') => String((await google('GET', `${path}${query}`)).body['nextSyncToken'])

test('the primary calendar comes first and says of itself what others do not', async () => {
  const { body } = await google('GET', path)
  expect(body).toMatchObject({ kind: 'calendar#calendarList', nextSyncToken: expect.any(String) })
  expect(names(await google('GET', path))).toEqual(all)
  const [primary, team, busy] = list(body['items'])
  expect(primary).toMatchObject({
    id: email,
    primary: true,
    accessRole: 'owner',
    selected: true,
    defaultReminders: [{ method: 'popup', minutes: 10 }],
    conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
  })
  expect(primary).not.toHaveProperty('dataOwner')
  expect(team).toMatchObject({ accessRole: 'owner', dataOwner: email })
  expect(busy).toMatchObject({ accessRole: 'freeBusyReader', dataOwner: 'someone.else@example.com' })
  for (const absent of ['primary', 'deleted', 'hidden']) expect(team).not.toHaveProperty(absent)
})

test('pages repeat and skip nothing, though a calendar is left out on the way', async () => {
  const first = await google('GET', `${path}?maxResults=2`)
  expect(first.body).not.toHaveProperty('nextSyncToken')
  await google('DELETE', await entryPath('Busy'))
  const seen = [names(first)]
  let token = String(first.body['nextPageToken'])
  for (let page = 0; page < 2; page += 1) {
    const next = await google('GET', `${path}?maxResults=2&pageToken=${token}`)
    seen.push(names(next))
    token = String(next.body['nextPageToken'])
  }
  expect(seen).toEqual([[email, 'Team'], ['Read', 'Write'], ['Holidays']])
})

test.each([
  ['owner', [email, 'Team']],
  ['writer', [email, 'Team', 'Write']],
  ['reader', [email, 'Team', 'Read', 'Write', 'Holidays']],
  ['freeBusyReader', all],
])('a list for at least a %s has no calendar of a lesser role', async (role, expected) => {
  expect(names(await google('GET', `${path}?minAccessRole=${role}`))).toEqual(expected)
})

test('a hidden calendar is listed when hidden ones are asked for, and a left one when deleted ones are', async () => {
  await google('PATCH', await entryPath('Team'), { hidden: true })
  await google('DELETE', await entryPath('Read'))
  const listed = async (query: string) => names(await google('GET', `${path}?${query}`))
  expect(await listed('')).toEqual([email, 'Busy', 'Write', 'Holidays'])
  expect(await listed('showHidden=true')).toEqual([email, 'Team', 'Busy', 'Write', 'Holidays'])
  expect(await listed('showDeleted=true')).toEqual([email, 'Busy', 'Read', 'Write', 'Holidays'])
})

test('a sync token gives what changed since, hidden and left calendars included, each once', async () => {
  const token = await tokenOf()
  await google('PATCH', await entryPath('Team'), { hidden: true })
  await google('DELETE', await entryPath('Read'))
  await google('PATCH', await entryPath('Write'), { summaryOverride: 'First' })
  await google('PATCH', await entryPath('Write'), { summaryOverride: 'Second' })
  const changes = await google('GET', `${path}?syncToken=${token}`)
  expect(list(changes.body['items'])).toMatchObject([
    { summary: 'Team', hidden: true },
    { summary: 'Read', deleted: true },
    { summary: 'Write', summaryOverride: 'Second' },
  ])
  const none = await google('GET', `${path}?syncToken=${String(changes.body['nextSyncToken'])}`)
  expect(names(none)).toEqual([])
})

test('changes page like a list does, and what changes meanwhile comes with the next token', async () => {
  const token = await tokenOf()
  for (const name of ['Team', 'Busy', 'Read']) await google('PATCH', await entryPath(name), { hidden: true })
  const first = await google('GET', `${path}?maxResults=2&syncToken=${token}`)
  await google('PATCH', await entryPath('Team'), { hidden: false })
  const page = `syncToken=${token}&maxResults=2&pageToken=${String(first.body['nextPageToken'])}`
  const last = await google('GET', `${path}?${page}`)
  expect([names(first), names(last)]).toEqual([['Team', 'Busy'], ['Read']])
  const next = await google('GET', `${path}?syncToken=${String(last.body['nextSyncToken'])}`)
  expect(names(next)).toEqual(['Team'])
})

test('an incremental list keeps quiet about what only the calendar itself says, as Google documents', async () => {
  const token = await tokenOf()
  const before = await google('GET', await entryPath('Team'))
  await google('PATCH', `/calendar/v3/calendars/${await idOf('Team')}`, { summary: 'Crew' })
  expect(names(await google('GET', `${path}?syncToken=${token}`))).toEqual([])
  const after = await google('GET', await entryPath('Crew'))
  expect(after.body).toMatchObject({ summary: 'Crew' })
  expect(after.body['etag']).not.toBe(before.body['etag'])
})

test.each(['minAccessRole=reader', 'showOwnOrganizationOnly=true', 'showDeleted=false', 'showHidden=false'])(
  '%s beside a sync token is refused with 400',
  async (parameter) => {
    const refused = await google('GET', `${path}?syncToken=${await tokenOf()}&${parameter}`)
    expect([refused.status, reasonOf(refused)]).toEqual([400, 'badRequest'])
  },
)

test('a sync token that is garbage, old, or of another list is answered with 410', async () => {
  const token = await tokenOf()
  const other = await played.account('google', 'grace@example.com')
  const refusals = [
    await google('GET', `${path}?syncToken=x`),
    await other('GET', `${path}?syncToken=${token}`),
  ]
  await played.control('POST', 'clock', { advance: 'P30D' })
  google = await played.account('google', email)
  refusals.push(await google('GET', `${path}?syncToken=${token}`))
  expect(refusals.map((one) => [one.status, reasonOf(one)])).toEqual(
    refusals.map(() => [410, 'fullSyncRequired']),
  )
})

test('an etag changes when an entry changes and never otherwise, and who has it gets 304', async () => {
  const team = await entryPath('Team')
  const [entry, whole] = [await google('GET', team), await google('GET', path)]
  const etags = [String(entry.body['etag']), String(whole.body['etag'])]
  await google('PATCH', team, { selected: true })
  for (const [at, etag] of [
    [team, etags[0]],
    [path, etags[1]],
  ]) {
    const again = await google('GET', String(at), undefined, { 'if-none-match': String(etag) })
    expect([again.status, again.headers.get('etag')]).toEqual([304, etag])
  }
  await google('PATCH', team, { selected: false })
  expect((await google('GET', team, undefined, { 'if-none-match': String(etags[0]) })).status).toBe(200)
  expect((await google('GET', path, undefined, { 'if-none-match': String(etags[1]) })).status).toBe(200)
})

test('a write that saw another state than the present one is refused with 412', async () => {
  const team = await entryPath('Team')
  const stale = String((await google('GET', team)).body['etag'])
  await google('PATCH', team, { hidden: true })
  for (const method of ['PATCH', 'PUT', 'DELETE']) {
    const refused = await google(method, team, method === 'DELETE' ? undefined : {}, { 'if-match': stale })
    expect([refused.status, reasonOf(refused)]).toEqual([412, 'conditionNotMet'])
  }
  expect((await google('PATCH', team, { hidden: false }, { 'if-match': '*' })).status).toBe(200)
})

test('every field a person may set is kept, and null or a default takes it away', async () => {
  const team = await entryPath('Team')
  const wish = {
    summaryOverride: 'Mine',
    hidden: true,
    selected: true,
    colorId: '7',
    defaultReminders: [{ method: 'email', minutes: 30 }],
    notificationSettings: { notifications: [{ type: 'agenda', method: 'email' }] },
  }
  const written = await google('PATCH', team, wish)
  expect(written.body).toMatchObject({ ...wish, backgroundColor: '#42d692' })
  const cleared = await google('PATCH', team, {
    summaryOverride: null,
    hidden: false,
    selected: null,
    defaultReminders: [],
    notificationSettings: null,
  })
  for (const name of ['summaryOverride', 'hidden', 'selected', 'notificationSettings'])
    expect(cleared.body).not.toHaveProperty(name)
  expect(cleared.body).toMatchObject({ defaultReminders: [], colorId: '7' })
})

test('a whole entry written takes away what it does not name, but never the colours', async () => {
  const team = await entryPath('Team')
  await google('PATCH', team, {
    summaryOverride: 'Mine',
    colorId: '7',
    defaultReminders: [{ method: 'popup', minutes: 5 }],
  })
  const { body } = await google('PUT', team, { hidden: true })
  expect(body).toMatchObject({ hidden: true, colorId: '7', defaultReminders: [], summary: 'Team' })
  for (const name of ['summaryOverride', 'selected']) expect(body).not.toHaveProperty(name)
})

test('colours are written as such only with colorRgbFormat, and the id becomes the nearest', async () => {
  const team = await entryPath('Team')
  const colors = { backgroundColor: '#0088aa', foregroundColor: '#ffffff' }
  const plain = await google('PATCH', team, colors)
  expect(plain.body['backgroundColor']).not.toBe('#0088aa')
  const rgb = await google('PATCH', `${team}?colorRgbFormat=true`, colors)
  expect(rgb.body).toMatchObject({ ...colors, colorId: '8' })
})

test.each([
  [{ colorId: '25' }],
  [{ hidden: 'yes' }],
  [{ defaultReminders: [{ method: 'sms', minutes: 5 }] }],
  [{ defaultReminders: [{ method: 'popup', minutes: 40_321 }] }],
  [{ notificationSettings: { notifications: [{ type: 'rain', method: 'email' }] } }],
  [{ summaryOverride: 7 }],
  [[]],
])('%j is no entry', async (body) => {
  const refused = await google('PATCH', await entryPath('Team'), body)
  expect([refused.status, reasonOf(refused)]).toEqual([400, 'invalid'])
})

test('a calendar that was left can be entered again, as it was at first', async () => {
  const id = await idOf('Read')
  await google('PATCH', `${path}/${id}`, { summaryOverride: 'Mine' })
  expect((await google('DELETE', `${path}/${id}`)).status).toBe(204)
  expect((await google('GET', `${path}/${id}`)).status).toBe(404)
  expect((await google('DELETE', `${path}/${id}`)).status).toBe(404)
  const again = await google('POST', `${path}?colorRgbFormat=true`, { id, backgroundColor: '#123456' })
  expect(again.body).toMatchObject({ id, accessRole: 'reader', selected: true, backgroundColor: '#123456' })
  expect(again.body).not.toHaveProperty('summaryOverride')
  expect(names(await google('GET', path))).toContain('Read')
})

test('only a calendar one may see can be put into the list', async () => {
  const unknown = await google('POST', path, { id: 'nobody@example.com' })
  expect([unknown.status, reasonOf(unknown)]).toEqual([404, 'notFound'])
  const nameless = await google('POST', path, {})
  expect([nameless.status, reasonOf(nameless)]).toEqual([400, 'required'])
})

test('a calendar that is in the list already is put into it again, or refused as switched', async () => {
  const id = await idOf('Read')
  expect((await google('POST', path, { id, summaryOverride: 'Mine' })).body).toMatchObject({
    summaryOverride: 'Mine',
  })
  await played.control('POST', 'switches', { 'google.secondSubscription': 409 })
  expect(reasonOf(await google('POST', path, { id }))).toBe('duplicate')
})

test('nobody leaves their own calendars', async () => {
  const primary = await google('DELETE', `${path}/primary`)
  expect([primary.status, reasonOf(primary)]).toEqual([403, 'cannotChangeOwnPrimarySubscription'])
  const own = await google('DELETE', await entryPath('Team'))
  expect([own.status, reasonOf(own)]).toEqual([403, 'cannotUnsubscribeFromOwnedCalendar'])
})

test.each(['minAccessRole=god', 'showHidden=perhaps', 'maxResults=0', 'maxResults=x'])(
  '%s is no parameter of a list',
  async (parameter) => {
    const refused = await google('GET', `${path}?${parameter}`)
    expect([refused.status, reasonOf(refused)]).toEqual([400, 'invalidParameter'])
  },
)

test('a page token of another list or with other filters is refused with 400', async () => {
  const { body } = await google('GET', `${path}?maxResults=1`)
  const token = String(body['nextPageToken'])
  for (const query of [`pageToken=x`, `pageToken=${token}&showHidden=true`]) {
    const refused = await google('GET', `${path}?${query}`)
    expect([refused.status, reasonOf(refused)]).toEqual([400, 'invalid'])
  }
})
