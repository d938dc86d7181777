import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const events = '/v1.0/me/events'
const prefix = 'Microsoft.OutlookServices.OpenTypeExtension.'
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  graph = await played.account('microsoft', 'grace@example.com')
})

const extension = (more: Json): Json => ({
  '@odata.type': 'microsoft.graph.openTypeExtension',
  extensionName: 'com.example.sync',
  ...more,
})

async function created(more: Json = {}): Promise<string> {
  const { body } = await graph('POST', events, meeting('x', 9, more))
  return `${events}/${String(body['id'])}`
}

test('an extension is added, read by its name or its id, changed member by member and removed', async () => {
  const path = await created()
  const made = await graph('POST', `${path}/extensions`, extension({ colour: 'green', size: 3 }))
  expect([made.status, made.body['id'], made.body['colour']]).toEqual([
    201,
    `${prefix}com.example.sync`,
    'green',
  ])
  for (const name of ['com.example.sync', `${prefix}com.example.sync`])
    expect((await graph('GET', `${path}/extensions/${name}`)).body).toMatchObject({
      colour: 'green',
      size: 3,
    })
  const changed = await graph('PATCH', `${path}/extensions/com.example.sync`, { size: 4, colour: null })
  expect(changed.body['size']).toBe(4)
  expect(changed.body).not.toHaveProperty('colour')
  expect((await graph('DELETE', `${path}/extensions/com.example.sync`)).status).toBe(204)
  const gone = await graph('GET', `${path}/extensions/com.example.sync`)
  expect([gone.status, codeOf(gone)]).toEqual([404, 'ErrorItemNotFound'])
})

test('an event is made with extensions, and shows them only to who expands them', async () => {
  const path = await created({ extensions: [extension({ colour: 'green' })] })
  expect((await graph('GET', path)).body).not.toHaveProperty('extensions')
  const expanded = async (filter: string) =>
    list(
      (await graph('GET', `${path}?$expand=${encodeURIComponent(`extensions($filter=${filter})`)}`)).body[
        'extensions'
      ],
    )
  expect(await expanded(`id eq '${prefix}com.example.sync'`)).toMatchObject([{ colour: 'green' }])
  expect(await expanded("id eq 'com.example.sync'")).toMatchObject([{ extensionName: 'com.example.sync' }])
  expect(await expanded("id eq 'other'")).toEqual([])
})

test('a change of an extension is a change of its event', async () => {
  const path = await created()
  const etag = async () => (await graph('GET', path)).body['@odata.etag']
  const before = await etag()
  await graph('POST', `${path}/extensions`, extension({}))
  expect(await etag()).not.toBe(before)
})

test('an extension of an occurrence is that occurrence’s alone', async () => {
  const recurrence = {
    pattern: { type: 'daily', interval: 1 },
    range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 2 },
  }
  const path = await created({ recurrence })
  const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
  const [first, second] = list((await graph('GET', `${path}/instances?${window}`)).body['value'])
  await graph('POST', `${events}/${String(first?.['id'])}/extensions`, extension({ colour: 'red' }))
  const seen = async (id: unknown) =>
    (await graph('GET', `${events}/${String(id)}/extensions/com.example.sync`)).status
  expect([await seen(first?.['id']), await seen(second?.['id'])]).toEqual([200, 404])
})

test.each<[string, unknown, number]>([
  ['a second of the same name', extension({}), 409],
  ['one without a name', { colour: 'red' }, 400],
  ['one that is no object', [], 400],
])('%s is refused', async (_name, body, status) => {
  const path = await created({ extensions: [extension({})] })
  const refused = await graph('POST', `${path}/extensions`, body)
  expect([refused.status, typeof object(refused.body['error'])['code']]).toEqual([status, 'string'])
})
