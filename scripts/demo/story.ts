import { randomBytes } from 'node:crypto'
import { apiClient, type ApiClient } from '../api-client.ts'
import { Narrator } from './narrator.ts'
import type { RunningProduct } from './running-product.ts'
import { googleOwner, outlookOwner, toMinute, tokenOf, type Owner, type SeenEvent } from './vendors.ts'

interface Entry {
  id: string
  title: string
  start: string
  version: number
  deletedAt: string | null
}

interface Provider {
  id: string
  name: string
  accountEmail: string | null
  status: string
}

const accounts = { google: 'dana@gmail.example', outlook: 'dana@outlook.example' } as const
const hourMs = 3_600_000

/** One event's life: made at Google, edited at Outlook, deleted at Google, and the same everywhere in between. */
export async function tellStory(product: RunningProduct): Promise<void> {
  const { temporal, sandbox } = product
  const api = apiClient(product.api, product.apiKey)
  const providers = await connectedProviders(api)
  const google = googleOwner(sandbox.google, await tokenOf(sandbox.control, 'google', accounts.google))
  const outlook = outlookOwner(
    sandbox.microsoft,
    await tokenOf(sandbox.control, 'microsoft', accounts.outlook),
  )
  const { ui, address, namespace } = temporal
  const narrator = new Narrator(api, providers, (id) =>
    ui
      ? `${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(id)}`
      : `Temporal at ${address}, namespace ${namespace}, workflow ${id}`,
  )

  console.log(`One event through the calendars of ${accounts.google} and ${accounts.outlook}`)
  console.log(`Console ${product.api}/   Temporal ${ui ?? address}\n`)
  await narrator.forgetEarlierRuns()
  await follow({ api, google, outlook, narrator })
  console.log(`
✓ Made, copied, edited and deleted: ${narrator.steps} steps and ${narrator.runs} runs in ${((performance.now() - narrator.began) / 1000).toFixed(1)} s.
  At every step there was one event at Google, one entry and one event at Outlook, and now there is none.`)
}

async function follow(stage: {
  api: ApiClient
  google: Owner
  outlook: Owner
  narrator: Narrator
}): Promise<void> {
  const { api, google, outlook, narrator } = stage
  const tag = randomBytes(2).toString('hex')
  const start = tomorrowAt(9)
  const first = { title: `Coffee with Robin ${tag}`, start, end: new Date(start.getTime() + hourMs) }
  const edited = {
    title: `Coffee and cake with Robin ${tag}`,
    start: new Date(start.getTime() + 2 * hourMs),
    end: new Date(start.getTime() + 3 * hourMs),
  }

  const made = await google.create(first)
  narrator.tell(`Google: made "${made.title}", ${shown(made.start)}`)

  const entry = await narrator.until(
    'The entry',
    () => findEntry(api, first.title, start),
    ({ id, version }) => `Schedule: the entry is there, version ${version} (${id})`,
  )
  const copy = await narrator.until(
    'The copy at Outlook',
    () => only(outlook.titled(first.title, start)),
    (event) => `Outlook: the copy is there, ${shown(event.start)}`,
  )
  await narrator.tellRuns()

  await outlook.change(copy.id, edited)
  narrator.tell(`Outlook: renamed to "${edited.title}" and moved to ${shown(toMinute(edited.start))}`)

  await narrator.until(
    'The edit in the schedule',
    async () => {
      const now = await api.get<Entry>(`/entries/${entry.id}`)
      return now.title === edited.title && toMinute(now.start) === toMinute(edited.start) ? now : null
    },
    ({ version }) => `Schedule: the same entry has the edit, version ${version}`,
  )
  await narrator.until(
    'The edit at Google',
    async () => {
      const [event, ...others] = await google.titled(edited.title, start)
      const isThere = event?.id === made.id && event.start === toMinute(edited.start) && others.length === 0
      return isThere ? event : null
    },
    (event) => `Google: the same event has the edit, "${event.title}", ${shown(event.start)}`,
  )
  await narrator.tellRuns()

  await google.delete(made.id)
  narrator.tell('Google: deleted')

  await narrator.until(
    'The deletion in the schedule',
    async () => {
      const now = await api.get<Entry>(`/entries/${entry.id}`)
      return now.deletedAt === null ? null : now
    },
    ({ version }) => `Schedule: the entry is gone; its history ends with version ${version}`,
  )
  await narrator.until(
    'The deletion at Outlook',
    async () => ((await outlook.find(copy.id)) === null ? true : null),
    () => 'Outlook: the copy is gone',
  )
  await narrator.tellRuns()
}

async function connectedProviders(api: ApiClient): Promise<Provider[]> {
  const { items } = await api.get<{ items: Provider[] }>('/providers')
  return Object.entries(accounts).map(([vendor, email]) => {
    const provider = items.find(({ accountEmail }) => accountEmail === email)
    if (!provider) {
      throw new Error(`No provider is connected to ${email}: connect ${vendor} again in the console.`)
    }
    if (['paused', 'disabled', 'reauthorization-required', 'unauthorized'].includes(provider.status)) {
      throw new Error(
        `"${provider.name}" is ${provider.status}, so nothing would flow: see its card in the console.`,
      )
    }
    return provider
  })
}

async function findEntry(api: ApiClient, title: string, day: Date): Promise<Entry | null> {
  const date = day.toISOString().slice(0, 10)
  const query = new URLSearchParams({ from: `${date}T00:00:00Z`, to: `${date}T23:59:59Z`, limit: '500' })
  const { items } = await api.get<{ items: Entry[] }>(`/entries?${query}`)
  return single(items.filter((entry) => entry.title === title))
}

const only = async (events: Promise<SeenEvent[]>): Promise<SeenEvent | null> => single(await events)

function single<T>(found: T[]): T | null {
  if (found.length > 1) throw new Error(`It is there ${found.length} times, and once is right.`)
  return found[0] ?? null
}

function tomorrowAt(hour: number): Date {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1, hour))
}

const shown = (minute: string): string => `${minute.replace('T', ' ')} UTC`
