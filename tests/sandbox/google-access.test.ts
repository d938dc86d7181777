import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  list,
  object,
  play,
  reasonOf,
  timed,
  type Answer,
  type Call,
  type Json,
  type Played,
} from './played.ts'

const calendars = '/calendar/v3/calendars'
const lists = '/calendar/v3/users/me/calendarList'
const primary = `${calendars}/ada@example.com`
const events = `${primary}/events`
const rules = `${primary}/acl`
let played: Played
let ada: Call
let grace: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  ada = await played.account('google', 'ada@example.com')
  grace = await played.account('google', 'grace@example.com')
})

const forGrace = (role: string): Json => ({ role, scope: { type: 'user', value: 'grace@example.com' } })
const share = (role: string) => ada('POST', rules, forGrace(role))
const outcome = (answer: Answer) => [answer.status, reasonOf(answer)]
const itemsOf = ({ body }: Answer) => list(body['items'])

test('nobody sees a calendar without a rule that lets them', async () => {
  for (const at of [primary, events, rules])
    expect(outcome(await grace('GET', at))).toEqual([404, 'notFound'])
  expect((await grace('POST', events, timed('a', 9))).status).toBe(404)
})

test('a reader reads and does not write', async () => {
  await share('reader')
  const { body } = await ada('POST', events, timed('a', 9))
  expect(itemsOf(await grace('GET', events))).toMatchObject([{ summary: 'a' }])
  expect((await grace('GET', events)).body).toMatchObject({ accessRole: 'reader' })
  const event = `${events}/${String(body['id'])}`
  const attempts = [
    await grace('POST', events, timed('b', 9)),
    await grace('PATCH', event, { summary: 'b' }),
    await grace('PUT', event, timed('b', 9)),
    await grace('DELETE', event),
    await grace('PATCH', primary, { summary: 'b' }),
  ]
  for (const attempt of attempts) expect(outcome(attempt)).toEqual([403, 'forbidden'])
  expect((await ada('GET', event)).body).toMatchObject({ summary: 'a' })
})

test('a refusal for want of access is the sheet’s or the one that is seen in the wild, as switched', async () => {
  await share('reader')
  await played.control('POST', 'switches', { 'google.missingAccessReason': 'requiredAccessLevel' })
  expect(outcome(await grace('POST', events, timed('b', 9)))).toEqual([403, 'requiredAccessLevel'])
})

test.each(['reader', 'writerWithoutPrivateAccess'])(
  'for a %s a private event is a time and no more',
  async (role) => {
    await share(role)
    const details = {
      description: 'secret',
      location: 'secret',
      attendees: [{ email: 'secret@example.com' }],
    }
    const { body } = await ada('POST', events, { ...timed('secret', 9), ...details, visibility: 'private' })
    const shown = [
      ...itemsOf(await grace('GET', events)),
      (await grace('GET', `${events}/${String(body['id'])}`)).body,
    ]
    for (const one of shown) {
      expect(JSON.stringify(one)).not.toContain('secret')
      expect(one).toMatchObject({
        id: body['id'],
        status: 'confirmed',
        start: body['start'],
        visibility: 'private',
      })
    }
    expect((await grace('PATCH', `${events}/${String(body['id'])}`, { summary: 'x' })).status).toBe(403)
  },
)

test('a private event keeps its details to itself when it is deleted', async () => {
  await share('reader')
  await ada('POST', events, { ...timed('secret', 9), id: 'event0', visibility: 'private' })
  await ada('DELETE', `${events}/event0`)
  const shown = [
    ...itemsOf(await grace('GET', `${events}?showDeleted=true`)),
    (await grace('GET', `${events}/event0`)).body,
  ]
  expect(shown).toHaveLength(2)
  for (const one of shown) {
    expect(one).toMatchObject({ id: 'event0', status: 'cancelled' })
    expect(JSON.stringify(one)).not.toContain('secret')
  }
})

test('who may write without private access writes what is not private', async () => {
  await share('writerWithoutPrivateAccess')
  const { body } = await grace('POST', events, timed('b', 9))
  const changed = await grace('PATCH', `${events}/${String(body['id'])}`, { summary: 'c' })
  expect(changed.body).toMatchObject({ summary: 'c' })
})

test('a writer sees private events and writes under their own name', async () => {
  await share('writer')
  await ada('POST', events, { ...timed('secret', 9), visibility: 'private' })
  expect(itemsOf(await grace('GET', events))).toMatchObject([{ summary: 'secret' }])
  const made = await grace('POST', events, timed('b', 9))
  expect(made.body).toMatchObject({
    creator: { email: 'grace@example.com' },
    organizer: { email: 'ada@example.com', self: true },
  })
  expect(object(made.body['creator'])).not.toHaveProperty('self')
})

test('who may see only when somebody is busy gets occurrences without words', async () => {
  const at = (hour: string) => ({ dateTime: `2026-03-05T${hour}:00:00`, timeZone: 'Europe/Berlin' })
  const recurrence = ['RRULE:FREQ=DAILY;COUNT=2']
  await ada('POST', events, { id: 'serie', summary: 'secret', start: at('09'), end: at('10'), recurrence })
  await share('freeBusyReader')
  const { body } = await grace('GET', events)
  expect(body).toMatchObject({ accessRole: 'freeBusyReader', nextSyncToken: expect.any(String) })
  expect(JSON.stringify(body)).not.toContain('secret')
  expect(list(body['items'])).toMatchObject([
    { id: 'serie_20260305T080000Z', start: { dateTime: '2026-03-05T09:00:00+01:00' } },
    { id: 'serie_20260306T080000Z' },
  ])
  expect((await grace('GET', `${events}?syncToken=${String(body['nextSyncToken'])}`)).body).toMatchObject({
    items: [],
  })
})

test('a list of events has the default reminders of whoever asks', async () => {
  await share('reader')
  expect((await ada('GET', events)).body).toMatchObject({
    defaultReminders: [{ method: 'popup', minutes: 10 }],
  })
  await grace('POST', lists, { id: 'ada@example.com', defaultReminders: [{ method: 'email', minutes: 60 }] })
  expect((await grace('GET', events)).body).toMatchObject({
    defaultReminders: [{ method: 'email', minutes: 60 }],
  })
})

test('the owner’s own rule is there from the start, and each further one has an id of its scope', async () => {
  expect(itemsOf(await ada('GET', rules))).toMatchObject([{ id: 'user:ada@example.com', role: 'owner' }])
  const scopes = [
    { type: 'user', value: 'Grace@Example.com' },
    { type: 'group', value: 'all@example.com' },
    { type: 'domain', value: 'example.org' },
    { type: 'default' },
  ]
  const ids = []
  for (const scope of scopes) ids.push((await ada('POST', rules, { role: 'reader', scope })).body['id'])
  expect(ids).toEqual(['user:grace@example.com', 'group:all@example.com', 'domain:example.org', 'default'])
  expect((await ada('GET', `${rules}/${String(ids[0])}`)).body).toMatchObject({
    kind: 'calendar#aclRule',
    role: 'reader',
  })
})

test('the most that any rule allows counts: of the person, their groups, their domain or everybody', async () => {
  await played.control('POST', 'groups', { email: 'all@example.com', members: ['grace@example.com'] })
  await played.account('google', 'lin@example.org')
  const roleOfGrace = async () => (await grace('GET', events)).body['accessRole']
  await ada('POST', rules, { role: 'freeBusyReader', scope: { type: 'default' } })
  expect(await roleOfGrace()).toBe('freeBusyReader')
  await ada('POST', rules, { role: 'reader', scope: { type: 'domain', value: 'example.com' } })
  expect(await roleOfGrace()).toBe('reader')
  await ada('POST', rules, { role: 'writer', scope: { type: 'group', value: 'all@example.com' } })
  expect(await roleOfGrace()).toBe('writer')
  await share('owner')
  expect(await roleOfGrace()).toBe('owner')
  const lin = await played.account('google', 'lin@example.org')
  expect((await lin('GET', events)).body['accessRole']).toBe('freeBusyReader')
})

test('sharing puts a calendar into nobody’s list, but a changed role is shown where it is', async () => {
  await share('reader')
  expect(itemsOf(await grace('GET', lists))).toHaveLength(1)
  await grace('POST', lists, { id: 'ada@example.com' })
  await ada('PATCH', `${rules}/user:grace@example.com`, { role: 'writer' })
  expect((await grace('GET', `${lists}/ada@example.com`)).body).toMatchObject({ accessRole: 'writer' })
})

test('who loses their access finds the calendar deleted from their list, and their events unknown', async () => {
  await share('reader')
  await grace('POST', lists, { id: 'ada@example.com' })
  const token = String((await grace('GET', lists)).body['nextSyncToken'])
  expect((await ada('DELETE', `${rules}/user:grace@example.com`)).status).toBe(204)
  expect(itemsOf(await grace('GET', `${lists}?syncToken=${token}`))).toMatchObject([{ deleted: true }])
  expect((await grace('GET', events)).status).toBe(404)
})

test('whatever is changed in an access list, the sync tokens of the calendar’s events are void', async () => {
  const follow = async () => {
    const { body } = await ada('GET', events)
    return () => ada('GET', `${events}?syncToken=${String(body['nextSyncToken'])}`)
  }
  const changes = [
    () => share('reader'),
    () => ada('PUT', `${rules}/user:grace@example.com`, forGrace('writer')),
    () => ada('DELETE', `${rules}/user:grace@example.com`),
  ]
  for (const change of changes) {
    const again = await follow()
    expect((await again()).status).toBe(200)
    await change()
    expect(outcome(await again())).toEqual([410, 'fullSyncRequired'])
  }
})

test('a rule that was taken back has the role none, in an incremental list and when it is asked for', async () => {
  await share('reader')
  const first = await ada('GET', rules)
  await ada('DELETE', `${rules}/user:grace@example.com`)
  expect(itemsOf(await ada('GET', rules))).toHaveLength(1)
  const none = { id: 'user:grace@example.com', role: 'none' }
  expect(itemsOf(await ada('GET', `${rules}?showDeleted=true`))).toMatchObject([{ role: 'owner' }, none])
  const token = String(first.body['nextSyncToken'])
  expect(itemsOf(await ada('GET', `${rules}?syncToken=${token}`))).toMatchObject([none])
  expect((await ada('GET', `${rules}?syncToken=${token}&showDeleted=false`)).status).toBe(400)
  expect((await ada('DELETE', `${rules}/user:grace@example.com`)).status).toBe(404)
})

test('a rule’s etag changes with its role, and a write that saw another is refused', async () => {
  const { body } = await share('reader')
  const at = `${rules}/user:grace@example.com`
  expect((await share('reader')).body['etag']).toBe(body['etag'])
  const etag = String(body['etag'])
  expect((await ada('GET', at, undefined, { 'if-none-match': etag })).status).toBe(304)
  expect((await ada('PATCH', at, { role: 'writer' }, { 'if-match': etag })).status).toBe(200)
  expect((await ada('PATCH', at, { role: 'owner' }, { 'if-match': etag })).status).toBe(412)
})

test('writers read the rules and owners change them', async () => {
  await share('reader')
  expect((await grace('GET', rules)).status).toBe(403)
  await share('writer')
  expect((await grace('GET', rules)).status).toBe(200)
  const lin = { role: 'reader', scope: { type: 'user', value: 'lin@example.com' } }
  expect(outcome(await grace('POST', rules, lin))).toEqual([403, 'forbidden'])
  await share('owner')
  expect((await grace('POST', rules, lin)).status).toBe(200)
})

test('nobody changes their own access, nor that of the calendar’s owner', async () => {
  await share('owner')
  expect(outcome(await grace('DELETE', `${rules}/user:grace@example.com`))).toEqual([
    403,
    'cannotChangeOwnAcl',
  ])
  expect(outcome(await ada('PATCH', `${rules}/user:ada@example.com`, { role: 'reader' }))).toEqual([
    403,
    'cannotChangeOwnAcl',
  ])
  expect(outcome(await grace('PATCH', `${rules}/user:ada@example.com`, { role: 'reader' }))).toEqual([
    403,
    'cannotModifyAclOfCalendarOwner',
  ])
})

test.each([
  [{ role: 'reader' }, 'required'],
  [{ scope: { type: 'default' } }, 'required'],
  [{ role: 'god', scope: { type: 'default' } }, 'invalid'],
  [{ role: 'reader', scope: { type: 'planet' } }, 'invalidScopeValue'],
  [{ role: 'reader', scope: { type: 'user', value: 'nobody' } }, 'invalidScopeValue'],
  [{ role: 'reader', scope: { type: 'user' } }, 'invalidScopeValue'],
  [{ role: 'owner', scope: { type: 'default' } }, 'illegalAccessRoleForDefault'],
])('%j is no rule', async (body, reason) => {
  expect(outcome(await ada('POST', rules, body))).toEqual([400, reason])
})

test('sharing with a person writes to them unless it is asked not to', async () => {
  await share('reader')
  await ada('POST', `${rules}?sendNotifications=false`, {
    role: 'reader',
    scope: { type: 'user', value: 'lin@example.com' },
  })
  await ada('DELETE', `${rules}/user:grace@example.com`)
  const { body } = await played.control('GET', 'mail')
  expect(list(body['items'])).toMatchObject([
    { kind: 'sharing', account: 'ada@example.com', to: ['grace@example.com'] },
  ])
})
