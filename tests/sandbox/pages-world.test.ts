import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { personAt, visit, type Form, type Page } from './people.ts'
import { list, play, timed, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let google: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  await played.account('microsoft', 'grace@example.com')
})

const see = (path: string): Promise<Page> => visit(`${played.sandbox.url}${path}`)
const send = (path: string, form: Form = {}): Promise<Page> => visit(`${played.sandbox.url}${path}`, form)
const items = async (name: string) => list((await played.control('GET', name)).body['items'])

test('the first page has every account of both vendors, and makes further ones', async () => {
  const made = await send('/accounts', {
    vendor: 'microsoft',
    email: 'kim@example.com',
    timeZone: 'Asia/Tokyo',
    calendars: 'Team, Home',
  })
  expect([made.status, made.location]).toEqual([303, '/accounts/microsoft/kim%40example.com'])
  const accounts = await items('accounts')
  expect(accounts.at(-1)).toMatchObject({ timeZone: 'Asia/Tokyo' })
  expect(list(accounts.at(-1)?.['calendars']).map(({ name }) => name)).toEqual(['Calendar', 'Team', 'Home'])
  const { text } = await see('/')
  for (const email of ['ada@', 'grace@', 'kim@']) expect(text).toContain(`${email}example.com`)
})

test.each([
  ['an email', { vendor: 'google', email: 'nobody' }, 'email must be an address.'],
  ['a vendor', { vendor: 'apple', email: 'a@b' }, 'vendor must be'],
  ['a zone', { vendor: 'google', email: 'a@b', timeZone: 'Mars' }, 'Mars is no IANA time zone.'],
])(
  'an account without %s is refused by the name of the field, and what was typed stays',
  async (_name, form, said) => {
    const { status, text } = await send('/accounts', form)
    expect([status, text]).toEqual([400, expect.stringContaining(said)])
    expect(text).toContain(`value="${form.email}"`)
  },
)

test('the clock is moved, set, frozen and put back to the machine’s time by buttons', async () => {
  await send('/clock', { now: '2027-01-01T12:00' })
  await send('/clock', { frozen: 'true' })
  await send('/clock', { advance: 'P1D' })
  const { body } = await played.control('GET', 'clock')
  expect([String(body['now']).slice(0, 16), body['frozen']]).toEqual(['2027-01-02T12:00', true])
  expect((await see('/')).text).toContain('stands still')
  await send('/clock', { frozen: 'false' })
  await send('/clock', { real: 'yes' })
  const now = Date.parse(String((await played.control('GET', 'clock')).body['now']))
  expect(Math.abs(now - Date.now())).toBeLessThan(60_000)
  expect((await send('/clock', { now: 'soon' })).status).toBe(400)
})

test('a snapshot is gone back to by its button, and everything is forgotten by another', async () => {
  await google('POST', events, { ...timed('kept', 9) })
  await send('/snapshot')
  await google('POST', events, { ...timed('lost', 9) })
  const id = /id="restore-([^"]+)"/.exec((await see('/')).text)?.[1] ?? ''
  await send('/restore', { id })
  expect((await items('accounts/ada@example.com/events')).map(({ title }) => title)).toEqual(['kept'])
  expect((await send('/restore', { id: 'none' })).status).toBe(400)
  await send('/reset')
  expect(await items('accounts')).toEqual([])
})

test('a fault set by the form befalls an app, and the list tells how often', async () => {
  const added = await send('/faults', {
    kind: 'error',
    whom: 'google ada@example.com',
    status: '503',
    path: '/events',
    times: '2',
    ms: '',
    cut: 'json',
  })
  expect(added.status).toBe(303)
  expect((await google('GET', events)).status).toBe(503)
  const { text } = await see('/faults')
  expect(text).toContain('fired 1 of 2')
  expect(text).toContain('for ada@example.com at Google, where the address has “/events”')
  const id = /id="remove-(fault-[^"]+)"/.exec(text)?.[1] ?? ''
  await send('/faults/remove', { id })
  expect(await items('faults')).toEqual([])
})

test.each([
  ['status', { kind: 'error', status: '200' }, 'status must be a whole number'],
  ['times', { kind: 'reset', times: 'often' }, 'times must be a whole number'],
  ['path', { kind: 'reset', path: '(' }, 'path must be a part of a path'],
  ['kind', { kind: 'flood' }, 'kind must be one of'],
])('a wrong %s of a fault is named, and what was typed stays', async (name, form, said) => {
  const { status, text } = await send('/faults', form)
  expect([status, text]).toEqual([400, expect.stringContaining(said)])
  const typed = Object.entries(form).find(([field]) => field === name && field !== 'kind')?.[1]
  if (typed !== undefined) expect(text).toContain(`value="${typed}"`)
})

test('every trouble with one press is one the control API knows, for the accounts it is about', async () => {
  const names = [...(await see('/faults')).text.matchAll(/id="preset-([\w-]+)" name="preset"/g)].map(
    ([, name = '']) => name,
  )
  expect(names.length).toBeGreaterThan(8)
  for (const preset of names) {
    const whom = preset.startsWith('graph') ? 'microsoft grace@example.com' : 'google ada@example.com'
    expect([preset, (await send('/faults/preset', { preset, whom })).status]).toEqual([preset, 303])
  }
  const wrong = await send('/faults/preset', { preset: 'google-503', whom: 'microsoft' })
  expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('is about the other vendor')])
  expect((await send('/faults/preset', { preset: 'revoke', whom: '' })).status).toBe(400)
  expect((await send('/faults/preset', { preset: 'nothing' })).status).toBe(400)
})

test('web hooks dropped for a minute arrive again when the clock has gone on by one', async () => {
  await send('/clock', { frozen: 'true' })
  await send('/faults/preset', { preset: 'no-hooks', whom: '' })
  expect(await items('faults')).toMatchObject([{ kind: 'dropNotification' }])
  await send('/clock', { advance: 'PT1M' })
  expect(await items('faults')).toEqual([])
})

test('a consent is taken back with one press', async () => {
  await send('/faults/preset', { preset: 'revoke', whom: 'google ada@example.com' })
  expect((await google('GET', events)).status).toBe(401)
})

test('the log of requests shows what apps asked, and only the lines that were wished for', async () => {
  await google('GET', `${events}?q=%3Cb%3E`)
  await google('POST', events, timed('a', 9))
  const all = (await see('/requests')).text
  expect(all).toContain('/calendar/v3/calendars/primary/events')
  expect(all).toContain('&lt;b&gt;')
  expect(all).not.toContain('<b>&quot;')
  const posts = (await see('/requests?method=POST&account=ada%40example.com&vendor=google')).text
  expect([posts.match(/<b>POST<\/b>/g)?.length, posts.match(/<b>GET<\/b>/g)]).toEqual([1, null])
  expect((await see('/requests?vendor=microsoft')).text).toContain('Nothing yet')
  await send('/requests/forget')
  expect((await see('/requests')).text).toContain('Nothing yet')
})

test('notifications and mail are shown with what was sent', async () => {
  const channel = { id: 'channel-7', type: 'web_hook', address: `${played.sandbox.url}/nowhere` }
  await google('POST', `${events}/watch`, channel)
  const ada = await personAt(played, 'google', 'ada@example.com')
  await ada.add({ title: 'Invited & told', guests: 'bob@example.com', mail: 'yes' })
  await expect.poll(async () => (await see('/notifications')).text).toContain('x-goog-resource-state: sync')
  expect((await see('/notifications')).text).toContain('Who listens')
  expect((await see('/mail')).text).toContain('Invited &amp; told')
})

test('switches are shown with what they are about, set by the form and put back', async () => {
  const { text } = await see('/switches')
  expect(text).toContain('The status of a sync token that was never given out.')
  await send('/switches', { act: 'set', 'google.malformedSyncToken': '400' })
  expect((await items('switches')).find(({ name }) => name === 'google.malformedSyncToken')?.['value']).toBe(
    400,
  )
  expect((await see('/switches')).text).toContain('changed')
  const wrong = await send('/switches', { act: 'set', 'google.malformedSyncToken': '500' })
  expect([wrong.status, wrong.text]).toEqual([
    400,
    expect.stringContaining('google.malformedSyncToken is one of'),
  ])
  await send('/switches', { act: 'default' })
  expect((await items('switches')).every(({ isDefault }) => isDefault === true)).toBe(true)
})

test('pages run and load nothing but their own, and no other site sends forms to them', async () => {
  const { headers } = await see('/')
  expect(headers.get('content-security-policy')).toContain(
    "default-src 'none'; script-src 'self'; style-src 'self'",
  )
  const foreign = await visit(`${played.sandbox.url}/reset`, {}, { 'sec-fetch-site': 'cross-site' })
  expect(foreign.status).toBe(403)
  expect(await items('accounts')).toHaveLength(2)
})

test('nonsense on the pages of the world is answered with a page', async () => {
  const paths = [
    '/accounts',
    '/clock',
    '/restore',
    '/faults',
    '/faults/preset',
    '/faults/remove',
    '/switches',
  ]
  const answers = await Promise.all([
    ...paths.map((path) =>
      send(path, { email: '\u0000', now: '9'.repeat(30), id: '../x', kind: '', preset: '<' }),
    ),
    see('/requests?method=%00&path=%'),
    see('/faults?vendor=x&account=%ff'),
    see('/nothing/here'),
  ])
  expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([])
  for (const { status, text } of answers.filter(({ status }) => status >= 400))
    expect([status, text]).toEqual([status, expect.stringContaining('role="alert"')])
})
