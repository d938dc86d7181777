import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/server.ts'
import { created, deltaRound, idOf } from './delta-round.ts'
import { listen } from './hook.ts'
import { codeOf, list, meeting, play, timed, until, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
const email = 'ada@example.com'
let folder: string
let stateFile: string
let played: Played
let google: Call
let graph: Call

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  stateFile = join(folder, 'made', 'world')
  await start()
})
afterEach(async () => {
  await played.close()
  rmSync(folder, { recursive: true })
})

async function start(): Promise<void> {
  played = await play({ stateFile })
  google = await played.account('google', email)
  graph = await played.account('microsoft', email)
}

async function restart(): Promise<void> {
  await played.close()
  await start()
}

const held = async (vendor: string) => {
  const { body } = await played.control('GET', `accounts/${email}/events?vendor=${vendor}`)
  return body['items']
}

const titles = (items: unknown) => list(items).map(({ title }) => title)

test('a world is the same after a restart: accounts, series with their exceptions, deletions and used transactions', async () => {
  await played.control('POST', 'accounts', { vendor: 'google', email, calendars: ['Team'] })
  const series = { ...timed('daily', 9), id: 'daily0', recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] }
  const zone = { timeZone: 'Europe/Berlin' }
  const start = { dateTime: '2026-03-05T09:00:00', ...zone }
  const end = { dateTime: '2026-03-05T10:00:00', ...zone }
  await google('POST', events, { ...series, start, end })
  await google('PATCH', `${events}/daily0_20260306T080000Z`, { summary: 'changed' })
  await google('DELETE', `${events}/daily0_20260307T080000Z`)
  await google('POST', events, { ...timed('gone', 9), id: 'gone00' })
  await google('DELETE', `${events}/gone00`)
  await graph('POST', '/v1.0/me/events', meeting('once', 9, { transactionId: 'transaction' }))
  const weekly = {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'], firstDayOfWeek: 'monday' },
    range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 4 },
  }
  const master = await graph('POST', '/v1.0/me/events', meeting('weekly', 9, { recurrence: weekly }))
  const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
  const instances = `/v1.0/me/events/${String(master.body['id'])}/instances?${window}`
  const [, second, third] = list((await graph('GET', instances)).body['value'])
  await graph('PATCH', `/v1.0/me/events/${String(second?.['id'])}`, { subject: 'changed' })
  await graph('DELETE', `/v1.0/me/events/${String(third?.['id'])}`)

  const look = async () => [
    (await played.control('GET', 'accounts')).body,
    (await google('GET', `${events}?showDeleted=true`)).body['items'],
    (await google('GET', `${events}?singleEvents=true&orderBy=startTime`)).body['items'],
    (await google('GET', `${events}/daily0/instances`)).body['items'],
    (await graph('GET', `/v1.0/me/calendarView?${window}`)).body['value'],
    (await graph('GET', instances)).body['value'],
  ]
  const before = await look()
  await restart()
  expect(await look()).toEqual(before)
  const again = await graph('POST', '/v1.0/me/events', meeting('once', 9, { transactionId: 'transaction' }))
  expect(codeOf(again)).toBe('ErrorDuplicateTransactionId')
  expect((await google('POST', events, { ...timed('again', 9), id: 'gone00' })).status).toBe(409)
})

test('who sees which calendar, and how, is the same after a restart, and so are the tokens to follow it by', async () => {
  const lists = '/calendar/v3/users/me/calendarList'
  const calendars = '/calendar/v3/calendars'
  const id = String((await google('POST', calendars, { summary: 'Team' })).body['id'])
  const gone = String((await google('POST', calendars, { summary: 'Gone' })).body['id'])
  await google('POST', `${calendars}/${id}/events`, { ...timed('a', 9), id: 'event0' })
  await google('PATCH', `${calendars}/${id}`, { summary: 'Crew', timeZone: 'Asia/Tokyo' })
  await google('PATCH', `${lists}/${id}`, { summaryOverride: 'Mine', hidden: true })
  await google('DELETE', `${calendars}/${gone}`)
  const rule = { role: 'reader', scope: { type: 'group', value: 'all@example.com' } }
  await google('POST', `${calendars}/${id}/acl`, rule)
  await played.control('POST', 'groups', { email: 'all@example.com', members: ['grace@example.com'] })
  await played.control('POST', `accounts/${email}/settings?vendor=google`, { weekStart: '1' })
  const token = String((await google('GET', lists)).body['nextSyncToken'])
  const events = String((await google('GET', `${calendars}/${id}/events`)).body['nextSyncToken'])
  await google('PATCH', `${lists}/${id}`, { hidden: false })

  const look = async () => {
    const grace = await played.account('google', 'grace@example.com')
    const answers = [
      await google('GET', `${lists}?showDeleted=true&showHidden=true`),
      await google('GET', `${lists}?syncToken=${token}`),
      await google('GET', `${calendars}/${id}`),
      await google('GET', `${calendars}/${id}/acl`),
      await google('GET', '/calendar/v3/users/me/settings'),
      await google('GET', `${calendars}/${id}/events?syncToken=${events}`),
      await google('GET', `${calendars}/${gone}`),
      await grace('GET', `${calendars}/${id}/events`),
    ]
    return answers.map(({ status, body: { nextSyncToken: _token, ...body } }) => ({ status, body }))
  }
  const before = await look()
  expect(before.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 404, 200])
  expect(before[7]?.body).toMatchObject({ summary: 'Crew', items: [{ id: 'event0', summary: 'a' }] })
  await restart()
  expect(await look()).toEqual(before)

  await played.control('POST', 'snapshot')
  await google('PATCH', `${calendars}/${id}`, { summary: 'Undone' })
  await google('DELETE', `${calendars}/${id}`)
  await played.control('POST', 'restore')
  expect(await look()).toEqual(before)
  await restart()
  expect(await look()).toEqual(before)
})

test('what became of a mailbox is there after a restart: its moves, its other address, its calendars and settings', async () => {
  const id = await created(graph, meeting('a', 9))
  const kept = idOf(await graph('POST', '/v1.0/me/calendars', { name: 'Kept' }))
  const gone = idOf(await graph('POST', '/v1.0/me/calendars', { name: 'Gone' }))
  await restart()
  await graph('PATCH', `/v1.0/me/calendars/${kept}`, { name: 'Renamed', color: 'lightRed' })
  await graph('DELETE', `/v1.0/me/calendars/${gone}`)
  await graph('POST', '/v1.0/me/calendarGroups', { name: 'Work' })
  await graph('PATCH', '/v1.0/me/mailboxSettings', { timeZone: 'UTC' })
  await restart()
  await played.control('POST', `accounts/${email}/move-mailbox`, { vendor: 'microsoft', ids: 'default' })
  await played.control('POST', `accounts/${email}/rename`, { vendor: 'microsoft', to: 'ada.l@example.com' })
  const look = async () => [
    (await graph('GET', '/v1.0/me/calendars')).body['value'],
    (await graph('GET', '/v1.0/me/calendarGroups')).body['value'],
    (await graph('GET', '/v1.0/me/mailboxSettings')).body['timeZone'],
    (await graph('GET', '/v1.0/me/events')).body['value'],
  ]
  const before = await look()
  await played.close()
  played = await play({ stateFile })
  graph = await played.account('microsoft', 'ada.l@example.com')
  expect(await look()).toEqual(before)
  expect(JSON.stringify(before)).toContain('Renamed')
  expect((await graph('GET', `/v1.0/me/events/${id}`)).status).toBe(404)
  const control = 'accounts/ada.l@example.com/calendars'
  expect((await played.control('POST', `${control}/${gone}/restore`, {})).status).toBe(200)
  const { body } = await played.control('GET', 'accounts')
  expect(list(body['items']).map((one) => [one['vendor'], one['email']])).toEqual([
    ['google', email],
    ['microsoft', 'ada.l@example.com'],
  ])
})

test('meetings with their copies and answers, extensions, changed occurrences and names of zones outlive a restart and a restore', async () => {
  const ada = 'ada.guest@example.com'
  let guest = await played.account('microsoft', ada)
  const recurrence = {
    pattern: { type: 'daily', interval: 1 },
    range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 4 },
  }
  const attendees = [{ emailAddress: { address: ada } }]
  const extensions = [{ extensionName: 'com.example.sync', colour: 'green' }]
  const several = [{ id: 'StringArray {00020329-0000-0000-C000-000000000046} Name Many', value: ['a'] }]
  const body = {
    recurrence,
    attendees,
    extensions,
    isOnlineMeeting: true,
    multiValueExtendedProperties: several,
  }
  const made = (await graph('POST', '/v1.0/me/events', meeting('Daily', 9, body))).body
  const path = `/v1.0/me/events/${String(made['id'])}`
  const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
  const copies = async () => list((await guest('GET', `/v1.0/me/calendarView?${window}`)).body['value'])
  await guest('POST', `/v1.0/me/events/${String((await copies())[1]?.['id'])}/accept`)
  const [, , third] = list((await graph('GET', `${path}/instances?${window}`)).body['value'])
  await graph('POST', `/v1.0/me/events/${String(third?.['id'])}/extensions`, { extensionName: 'own' })
  await played.control('POST', `accounts/${email}/events/${String(made['id'])}/zone`, {
    name: 'Customized Time Zone',
  })
  await played.control('POST', 'switches', { 'microsoft.shortMonths': 'skipped' })

  const expand = encodeURIComponent(
    `extensions,exceptionOccurrences,multiValueExtendedProperties($filter=id eq '${several[0]?.id}')`,
  )
  const look = async () => [
    (await graph('GET', `${path}?$expand=${expand}`)).body,
    (await graph('GET', `/v1.0/me/events/${String(third?.['id'])}/extensions/own`)).body,
    await copies(),
    list((await played.control('GET', 'switches')).body['items']).filter((one) => one['isDefault'] === false),
  ]
  const before = await look()
  expect(before[2]).toHaveLength(4)
  await restart()
  guest = await played.account('microsoft', ada)
  expect(await look()).toEqual(before)
  await played.control('POST', 'snapshot')
  await graph('DELETE', path)
  expect((await copies())[0]?.['isCancelled']).toBe(true)
  await played.control('POST', 'restore')
  expect(await look()).toEqual(before)
})

test('a subscription and where an event once lay are there after a restart', async () => {
  const hook = await listen()
  const march = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
  const id = await created(graph, meeting('a', 9))
  const { deltaLink } = await deltaRound(graph, `/v1.0/me/calendarView/delta?${march}`)
  const at = (hour: string) => ({ dateTime: `2026-07-01T${hour}:00:00`, timeZone: 'UTC' })
  await graph('PATCH', `/v1.0/me/events/${id}`, { start: at('09'), end: at('10') })
  const wish = {
    changeType: 'updated',
    notificationUrl: `${hook.url}/notify`,
    resource: '/me/events',
    expirationDateTime: new Date(Date.now() + 86_400_000).toISOString(),
    clientState: 'secret',
  }
  const subscription = idOf(await graph('POST', '/v1.0/subscriptions', wish))
  const query = new URL(deltaLink).search
  await restart()
  await played.control('POST', 'switches', { 'microsoft.deltaOutside': 'silent' })
  const { items } = await deltaRound(graph, `/v1.0/me/calendarView/delta${query}`)
  expect(items).toMatchObject([{ id, '@removed': { reason: 'deleted' } }])
  expect((await graph('GET', `/v1.0/subscriptions/${subscription}`)).status).toBe(200)
  await graph('PATCH', `/v1.0/me/events/${id}`, { subject: 'b' })
  await until(() => hook.received.length > 0)
  expect(hook.received[0]?.body).toContain(subscription)
  await hook.close()
})

test('a notification still to be sent is gone after a restart, but its change is told to whoever looks', async () => {
  const hook = await listen()
  const march = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
  const soon = () => played.control('POST', 'clock', { advance: 'PT1M' })
  await played.control('POST', 'clock', { frozen: true })
  await google('POST', `${events}/watch`, { id: 'c', type: 'web_hook', address: `${hook.url}/google` })
  await graph('POST', '/v1.0/subscriptions', {
    changeType: 'updated',
    notificationUrl: `${hook.url}/graph`,
    resource: '/me/events',
    expirationDateTime: new Date(Date.now() + 86_400_000).toISOString(),
  })
  await soon()
  const syncToken = String((await google('GET', events)).body['nextSyncToken'])
  const { deltaLink } = await deltaRound(graph, `/v1.0/me/calendarView/delta?${march}`)
  hook.received.length = 0
  const write = async (hour: number): Promise<void> => {
    await google('POST', events, timed('a', hour))
    await created(graph, meeting('a', hour))
  }
  await write(9)
  await restart()
  await soon()
  expect(hook.received).toEqual([])
  expect(list((await google('GET', `${events}?syncToken=${syncToken}`)).body['items'])).toHaveLength(1)
  const query = new URL(deltaLink).search
  expect((await deltaRound(graph, `/v1.0/me/calendarView/delta${query}`)).items).toHaveLength(1)
  await write(11)
  await soon()
  expect(hook.received.map(({ path }) => path).toSorted()).toEqual(['/google', '/graph'])
  await hook.close()
})

test('neither an id nor an etag is given out again after a restart, though the seed is the same', async () => {
  const made: unknown[] = []
  for (let run = 0; run < 4; run += 1) {
    const { body } = await google('POST', events, timed('a', 9))
    const answer = await graph('GET', '/v1.0/me/events')
    made.push(body['id'], body['etag'], answer.headers.get('request-id'))
    await restart()
  }
  expect(new Set(made).size).toBe(made.length)
})

test('a reset and a restored snapshot are what a restart finds, and a sync token from in between is unknown', async () => {
  await google('POST', events, { ...timed('lost', 9), id: 'lost00' })
  await played.control('POST', 'reset')
  google = await played.account('google', email)
  await google('POST', events, { ...timed('kept', 9), id: 'kept00' })
  const before = String((await google('GET', events)).body['nextSyncToken'])
  await played.control('POST', 'snapshot')
  await google('POST', events, { ...timed('undone', 9), id: 'undone' })
  const between = String((await google('GET', events)).body['nextSyncToken'])
  await played.control('POST', 'restore')
  await google('POST', events, { ...timed('later', 9), id: 'later0' })
  await restart()

  expect(titles(await held('google'))).toEqual(['kept', 'later'])
  expect((await google('GET', `${events}?syncToken=${between}`)).status).toBe(410)
  const { body } = await google('GET', `${events}?syncToken=${before}`)
  expect(list(body['items']).map(({ id }) => id)).toEqual(['later0'])
})

test('a line torn in the middle of its writing is dropped as a whole, and nothing before it', async () => {
  await google('POST', events, timed('first', 9))
  const whole = statSync(stateFile).size
  await google('POST', events, timed('second', 9))
  const bytes = readFileSync(stateFile)
  for (const length of [whole + 1, Math.floor((whole + bytes.length) / 2), bytes.length - 1]) {
    await played.close()
    writeFileSync(stateFile, bytes.subarray(0, length))
    await start()
    expect(titles(await held('google'))).toEqual(['first'])
    await google('POST', events, timed('third', 9))
    await restart()
    expect(titles(await held('google'))).toEqual(['first', 'third'])
  }
})

test('a file the sandbox did not write is refused and left alone, and so is a damaged one', async () => {
  const foreign = join(folder, 'notes.txt')
  writeFileSync(foreign, 'Milk, bread\n')
  await expect(startSandbox({ stateFile: foreign })).rejects.toThrow('is no state of this sandbox')
  expect(readFileSync(foreign, 'utf8')).toBe('Milk, bread\n')

  await played.close()
  writeFileSync(stateFile, readFileSync(stateFile, 'utf8').replace('"kind"', 'kind'))
  await expect(startSandbox({ stateFile })).rejects.toThrow('is damaged in line 2')
  unlinkSync(stateFile)
  await start()
})

test('a write among 50,000 events writes down little, and many writes do not make the file grow for ever', async () => {
  await played.control('POST', `accounts/${email}/events`, { vendor: 'google', count: 50_000 })
  const before = statSync(stateFile).size
  const { body } = await google('POST', events, timed('one more', 9))
  expect(statSync(stateFile).size - before).toBeLessThan(5000)
  const description = 'x'.repeat(1_000_000)
  for (let index = 0; index < 60; index += 1)
    await google('PATCH', `${events}/${String(body['id'])}`, { description: `${index}${description}` })
  expect(statSync(stateFile).size).toBeLessThan(3 * before)
  await restart()
  expect(list(await held('google'))).toHaveLength(50_001)
})

test('no write is acknowledged that could not be written down', async () => {
  unlinkSync(stateFile)
  expect((await google('POST', events, timed('a', 9))).status).toBe(500)
  expect(existsSync(stateFile)).toBe(false)
})
