import { array, assert, asyncProperty, constant, constantFrom, nat, oneof, tuple } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { list, play, type Answer, type Call, type Json, type Played } from './played.ts'

const lists = '/calendar/v3/users/me/calendarList'
const calendars = '/calendar/v3/calendars'
const rules = `${calendars}/primary/acl`
let played: Played
let people = 0

beforeAll(async () => {
  played = await play({
    switches: { 'google.quotaPerUserPerMinute': 0, 'google.quotaPerProjectPerMinute': 0 },
  })
})
afterAll(() => played.close())

/** What somebody has who follows a collection page by page, from token to token. */
function follower(call: Call, path: string, isGone: (item: Json) => boolean) {
  const held = new Map<string, Json>()
  let syncToken: string | undefined
  return {
    held,
    token: () => syncToken ?? '',
    follow: async (pageSize: number): Promise<void> => {
      let pageToken: string | undefined
      do {
        const query = new URLSearchParams({ maxResults: String(pageSize) })
        if (syncToken === undefined && path === lists) query.set('showHidden', 'true')
        if (syncToken !== undefined) query.set('syncToken', syncToken)
        if (pageToken !== undefined) query.set('pageToken', pageToken)
        const answer: Answer = await call('GET', `${path}?${query}`)
        expect(answer.status).toBe(200)
        for (const item of list(answer.body['items'])) {
          if (isGone(item)) held.delete(String(item['id']))
          else held.set(String(item['id']), item)
        }
        const next = answer.body['nextPageToken']
        pageToken = typeof next === 'string' ? next : undefined
        if (pageToken === undefined) syncToken = String(answer.body['nextSyncToken'])
      } while (pageToken !== undefined)
    },
  }
}

test.each([lists, rules])(
  'the tokens of %s stay as short however many rounds they are followed',
  async (path) => {
    people += 1
    const call = await played.account('google', `person${people}@example.com`)
    const { follow, token } = follower(call, path, () => false)
    await follow(1)
    const { length } = token()
    for (let round = 0; round < 30; round++) await follow(1)
    expect(token()).toHaveLength(length)
  },
)

const pageSize = constantFrom(1, 2, 3, 100)
const number = nat({ max: 3 })
type Step = ['write', number, number] | ['follow', number]
const steps = array(
  oneof(
    tuple(constant('write' as const), nat({ max: 4 }), number),
    tuple(constant('follow' as const), pageSize),
  ),
  { minLength: 3, maxLength: 14 },
)

async function run(
  all: Step[],
  write: (kind: number, which: number) => Promise<unknown>,
  follow: (size: number) => Promise<void>,
) {
  for (const step of all) await (step[0] === 'write' ? write(step[1], step[2]) : follow(step[1]))
}

test('whoever follows the calendar list’s tokens has what is in it, whatever was written and however it was paged', async () => {
  await assert(
    asyncProperty(steps, pageSize, async (all, size) => {
      people += 1
      const others = [0, 1, 2, 3].map((index) => ({
        name: `Shared ${index}`,
        accessRole: 'reader',
        owner: `owner${people}@example.com`,
      }))
      const call = await played.account('google', `person${people}@example.com`, { calendars: others })
      const ids = list((await call('GET', lists)).body['items'])
        .slice(1)
        .map(({ id }) => String(id))
      const { held, follow } = follower(call, lists, (item) => item['deleted'] === true)
      const write = (kind: number, which: number): Promise<unknown> => {
        const id = ids[which] ?? ''
        if (kind === 0) return call('PATCH', `${lists}/${id}`, { hidden: true })
        if (kind === 1)
          return call('PATCH', `${lists}/${id}`, { hidden: false, summaryOverride: `Mine ${which}` })
        if (kind === 2) return call('DELETE', `${lists}/${id}`)
        if (kind === 3) return call('POST', lists, { id, selected: true })
        return call('POST', calendars, { summary: `Own ${which}` })
      }
      await run(all, write, follow)
      await follow(size)
      const { body } = await call('GET', `${lists}?showHidden=true`)
      const there = list(body['items']).map((item): [string, Json] => [String(item['id']), item])
      expect(held).toEqual(new Map(there))
    }),
    { numRuns: 25 },
  )
})

test('whoever follows an access list’s tokens has its rules, whatever was written and however it was paged', async () => {
  await assert(
    asyncProperty(steps, pageSize, async (all, size) => {
      people += 1
      const call = await played.account('google', `person${people}@example.com`)
      const { held, follow } = follower(call, rules, (item) => item['role'] === 'none')
      const write = (kind: number, which: number): Promise<unknown> => {
        const scope = { type: 'user', value: `friend${which}@example.com` }
        if (kind === 2) return call('DELETE', `${rules}/user:${scope.value}`)
        const role = ['reader', 'writer', '', 'owner', 'freeBusyReader'][kind]
        return call('POST', rules, { role, scope })
      }
      await run(all, write, follow)
      await follow(size)
      const there = list((await call('GET', rules)).body['items']).map((item): [string, Json] => [
        String(item['id']),
        item,
      ])
      expect(held).toEqual(new Map(there))
    }),
    { numRuns: 25 },
  )
})
