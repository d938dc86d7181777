import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { created, deltaRound, idOf, march } from './delta-round.ts'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const email = 'grace@example.com'
const calendars = '/v1.0/me/calendars'
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  graph = await played.account('microsoft', email)
})

const listed = async (path = calendars) => list((await graph('GET', path)).body['value'])
const namesOf = (items: Json[]) => items.map(({ name }) => name)

test('the default calendar says what may be done with it', async () => {
  const [calendar] = await listed()
  expect(calendar).toEqual({
    id: expect.any(String),
    name: 'Calendar',
    color: 'auto',
    hexColor: '',
    isDefaultCalendar: true,
    changeKey: expect.any(String),
    canShare: true,
    canViewPrivateItems: true,
    canEdit: true,
    isRemovable: false,
    isTallyingResponses: true,
    allowedOnlineMeetingProviders: ['teamsForBusiness'],
    defaultOnlineMeetingProvider: 'teamsForBusiness',
    owner: { name: email, address: email },
  })
  expect((await graph('GET', '/v1.0/me/calendar')).body).toMatchObject(object(calendar))
})

test('a calendar is made, renamed, coloured and removed with its events', async () => {
  const made = await graph('POST', calendars, { name: 'Team' })
  expect([made.status, made.body['isRemovable'], made.body['isDefaultCalendar']]).toEqual([201, true, false])
  const path = `${calendars}/${idOf(made)}`
  const event = await created(graph, meeting('a', 9), `${path}/events`)
  const patched = await graph('PATCH', path, { name: 'Crew', color: 'lightBlue' })
  expect(patched.body).toMatchObject({ name: 'Crew', color: 'lightBlue', hexColor: '#0078d4' })
  expect(patched.body['changeKey']).not.toBe(made.body['changeKey'])
  const same = await graph('PATCH', path, { name: 'Crew' })
  expect(same.body['changeKey']).toBe(patched.body['changeKey'])
  const { deltaLink } = await deltaRound(graph, march.replace('/v1.0/me', path))
  expect((await graph('DELETE', path)).status).toBe(204)
  for (const gone of [path, `/v1.0/me/events/${event}`, deltaLink]) {
    const answer = await graph('GET', gone)
    expect([answer.status, codeOf(answer)]).toEqual([404, 'ErrorItemNotFound'])
  }
  expect(namesOf(await listed())).toEqual(['Calendar'])
})

test('the default calendar stays, until another one is made the default', async () => {
  const first = (await listed())[0]
  const refused = await graph('DELETE', `${calendars}/${String(first?.['id'])}`)
  expect([refused.status, codeOf(refused)]).toEqual([400, 'ErrorDeleteDistinguishedFolder'])
  const second = idOf(await graph('POST', calendars, { name: 'Second' }))
  await graph('PATCH', `${calendars}/${second}`, { isDefaultCalendar: true })
  expect((await graph('GET', '/v1.0/me/calendar')).body['id']).toBe(second)
  expect((await graph('DELETE', `${calendars}/${String(first?.['id'])}`)).status).toBe(204)
})

test('two calendars of a mailbox have two names, whatever their case; the status is a switch', async () => {
  await graph('POST', calendars, { name: 'Team' })
  const refused = await graph('POST', calendars, { name: 'TEAM' })
  const message = "A folder with the specified name already exists., Could not create folder 'TEAM'."
  expect([refused.status, codeOf(refused), object(refused.body['error'])['message']]).toEqual([
    400,
    'ErrorFolderExists',
    message,
  ])
  await played.control('POST', 'switches', { 'microsoft.folderExistsStatus': 409 })
  expect((await graph('POST', calendars, { name: 'team' })).status).toBe(409)
})

test('calendars come ten at a time, are chosen, ordered, filtered, counted and skipped', async () => {
  for (let index = 11; index < 25; index += 1) await graph('POST', calendars, { name: `C${index}` })
  const first = await graph('GET', `${calendars}?$count=true`)
  expect([list(first.body['value']).length, first.body['@odata.count']]).toEqual([10, 15])
  const rest = await graph('GET', String(first.body['@odata.nextLink']))
  expect([list(rest.body['value']).length, rest.body['@odata.nextLink']]).toEqual([5, undefined])
  expect(await listed(`${calendars}?$filter=name eq 'c12'&$select=name,canEdit`)).toEqual([
    { id: expect.any(String), name: 'C12', canEdit: true },
  ])
  const ordered = await listed(`${calendars}?$orderby=name desc&$top=2&$skip=1`)
  expect(namesOf(ordered)).toEqual(['C24', 'C23'])
  const filtered = await listed(`${calendars}?$filter=isDefaultCalendar eq true`)
  expect(namesOf(filtered)).toEqual(['Calendar'])
})

test.each([
  '$top=-1',
  '$top=x',
  '$filter=name eq',
  '$filter=colour eq 1',
  '$select=colour',
  '$search=x',
  '$top=1&$top=2',
])('a list of calendars refuses %s with 400', async (query) =>
  expect((await graph('GET', `${calendars}?${query}`)).status).toBe(400),
)

test.each([
  ['nothing', undefined],
  ['no name', {}],
  ['an empty name', { name: ' ' }],
  ['a name that is no text', { name: 5 }],
  ['an unknown colour', { name: 'x', color: 'mauve' }],
  ['an unknown member', { name: 'x', colour: 'auto' }],
  ['a list', []],
])('a calendar of %s is refused with 400', async (_case, body) => {
  expect((await graph('POST', calendars, body)).status).toBe(400)
})

test('calendars stand in groups, which are made, renamed and removed when they are empty', async () => {
  const groups = '/v1.0/me/calendarGroups'
  expect(namesOf(await listed(groups))).toEqual(['My Calendars', 'Other Calendars'])
  const made = await graph('POST', groups, { name: 'Work' })
  expect([made.status, made.body]).toEqual([
    201,
    expect.objectContaining({ name: 'Work', classId: expect.any(String), changeKey: expect.any(String) }),
  ])
  const path = `${groups}/${idOf(made)}`
  const inGroup = idOf(await graph('POST', `${path}/calendars`, { name: 'Project' }))
  expect(namesOf(await listed(`${path}/calendars`))).toEqual(['Project'])
  expect(namesOf(await listed('/v1.0/me/calendarGroup/calendars'))).toEqual(['Calendar'])
  expect(namesOf(await listed())).toEqual(['Calendar', 'Project'])
  const own = String((await graph('GET', '/v1.0/me/calendar')).body['id'])
  expect((await graph('GET', `${path}/calendars/${inGroup}`)).status).toBe(200)
  expect((await graph('GET', `${path}/calendars/${own}`)).status).toBe(404)
  expect((await graph('GET', `${groups}/${idOf(made).replace(/.AAA=$/, 'zAAA=')}/calendars`)).status).toBe(
    404,
  )
  expect((await graph('PATCH', path, { name: 'Office' })).body).toMatchObject({ name: 'Office' })
  expect((await graph('DELETE', path)).status).toBe(400)
  await graph('DELETE', `${path}/calendars/${inGroup}`)
  expect((await graph('DELETE', path)).status).toBe(204)
  const [mine] = await listed(groups)
  expect((await graph('DELETE', `${groups}/${String(mine?.['id'])}`)).status).toBe(400)
})

test('a calendar shared without the right to edit is read and never written', async () => {
  const owner = { name: 'Boss', address: 'boss@example.com' }
  const wish = { vendor: 'microsoft', name: 'Boss', canEdit: false, owner }
  const { body } = await played.control('POST', `accounts/${email}/calendars`, wish)
  expect(body).toMatchObject({ canEdit: false, canShare: false, owner })
  const path = `${calendars}/${String(body['id'])}`
  const seeded = { vendor: 'microsoft', calendar: body['id'], count: 1 }
  await played.control('POST', `accounts/${email}/events`, seeded)
  const [event] = await listed(`${path}/events`)
  const writes = [
    graph('POST', `${path}/events`, meeting('a', 9)),
    graph('PATCH', `/v1.0/me/events/${String(event?.['id'])}`, { subject: 'mine' }),
    graph('DELETE', `${path}/events/${String(event?.['id'])}`),
    graph('PATCH', path, { name: 'Mine' }),
  ]
  for (const refused of await Promise.all(writes))
    expect([refused.status, codeOf(refused)]).toEqual([403, 'ErrorAccessDenied'])
  expect(await listed(`${path}/events`)).toEqual([event])
})

test('the signed-in person is shown in full, by me, by address and by id, and may be chosen from', async () => {
  const { body } = await graph('GET', '/v1.0/me')
  expect(body).toMatchObject({
    '@odata.context': expect.stringContaining('#users/$entity'),
    businessPhones: [],
    displayName: email,
    givenName: null,
    mail: email,
    userPrincipalName: email,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  for (const name of [email, String(body['id'])])
    expect((await graph('GET', `/v1.0/users/${name}`)).body).toEqual(body)
  const { body: chosen } = await graph('GET', '/v1.0/me?$select=mail')
  expect(Object.keys(chosen).toSorted()).toEqual(['@odata.context', 'id', 'mail'])
})

test('another person is known and not shown, and nobody is unknown in the directory’s words', async () => {
  await played.account('microsoft', 'heidi@example.com')
  const other = await graph('GET', '/v1.0/users/heidi@example.com')
  expect([other.status, codeOf(other)]).toEqual([403, 'Authorization_RequestDenied'])
  const nobody = await graph('GET', '/v1.0/users/nobody@example.com')
  expect([nobody.status, codeOf(nobody)]).toEqual([404, 'Request_ResourceNotFound'])
  const mailbox = await graph('GET', '/v1.0/users/heidi@example.com/calendars')
  expect([mailbox.status, codeOf(mailbox)]).toEqual([403, 'ErrorAccessDenied'])
  const none = await graph('GET', '/v1.0/users/nobody@example.com/calendars')
  expect([none.status, codeOf(none)]).toEqual([404, 'ErrorInvalidUser'])
})

test('a mailbox has settings, whose zone may be changed, and may have a name of no zone', async () => {
  const settings = '/v1.0/me/mailboxSettings'
  expect((await graph('GET', settings)).body).toMatchObject({
    timeZone: 'W. Europe Standard Time',
    language: { locale: 'en-US' },
    workingHours: { startTime: '08:00:00.0000000' },
  })
  await graph('PATCH', settings, { timeZone: 'Pacific Standard Time' })
  expect((await graph('GET', `${settings}/timeZone`)).body['value']).toBe('Pacific Standard Time')
  expect(codeOf(await graph('PATCH', settings, { timeZone: 'Middle Earth' }))).toBe(
    'TimeZoneNotSupportedException',
  )
  expect((await graph('GET', `${settings}/language`)).body).toMatchObject({ locale: 'en-US' })
  expect((await graph('GET', `${settings}/dreams`)).status).toBe(404)
  const custom = { vendor: 'microsoft', timeZone: 'Customized Time Zone' }
  await played.control('PATCH', `accounts/${email}/mailbox`, custom)
  expect((await graph('GET', `${settings}/timeZone`)).body['value']).toBe('Customized Time Zone')
})

test('the zones a mailbox knows are told by their Windows or their IANA names', async () => {
  const zones = async (parameters: string) =>
    (await listed(`/v1.0/me/outlook/supportedTimeZones${parameters}`)).map(({ alias }) => alias)
  expect(await zones('')).toContain('W. Europe Standard Time')
  expect(await zones('()')).toContain('UTC')
  const standard = (name: string) => `(TimeZoneStandard=microsoft.graph.timeZoneStandard'${name}')`
  expect(await zones(standard('Windows'))).toContain('Pacific Standard Time')
  expect(await zones(standard('Iana'))).toContain('Europe/Berlin')
  expect(await zones(encodeURIComponent(standard('Iana')))).toContain('Europe/Berlin')
  expect((await graph('GET', `/v1.0/me/outlook/supportedTimeZones${standard('Mayan')}`)).status).toBe(400)
  expect((await graph('GET', '/v1.0/me/outlook/supportedLanguages')).status).toBe(501)
})

test('a mailbox has categories of its own, each name once', async () => {
  const categories = '/v1.0/me/outlook/masterCategories'
  expect((await listed(categories)).length).toBe(6)
  const made = await graph('POST', categories, { displayName: 'Trips', color: 'preset9' })
  expect([made.status, made.body]).toEqual([
    201,
    expect.objectContaining({ displayName: 'Trips', color: 'preset9' }),
  ])
  expect((await graph('POST', categories, { displayName: 'trips' })).status).toBe(409)
  const path = `${categories}/${idOf(made)}`
  expect((await graph('PATCH', path, { color: 'none' })).body).toMatchObject({ color: 'none' })
  expect((await graph('DELETE', path)).status).toBe(204)
  expect((await graph('GET', path)).status).toBe(404)
})
