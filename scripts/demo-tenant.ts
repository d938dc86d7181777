import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiClient, ApiRefused, type ApiClient } from './api-client.ts'
import { giveConsent } from './consent.ts'
import { readJson } from './parts/data-dir.ts'

/** Where the product and the sandbox run. */
export interface DemoPlace {
  api: string
  sandbox: { control: string }
}

export interface DemoAccess {
  /** Where the demo's API key is kept, so that a restart does not make another. */
  dataDir: string
  operatorKey: string
}

export interface DemoTenant {
  tenantId: string
  apiKey: string
  /** Signs one browser in, once. */
  signInLink: string
  firstTime: boolean
}

const tenantName = 'Demo'
/** The Monday the calendar file is written around. */
const anchor = Date.UTC(2026, 0, 5)
const weekMs = 7 * 86_400_000

const vendors = [
  {
    vendor: 'google',
    email: 'dana@gmail.example',
    name: 'Dana, Google Calendar',
    clientId: 'sandbox-google.apps.googleusercontent.com',
    clientSecret: 'sandbox-google-secret',
  },
  {
    vendor: 'microsoft',
    email: 'dana@outlook.example',
    name: 'Dana, Outlook',
    clientId: '00000000-5a4d-4b0c-8000-000000000001',
    clientSecret: 'sandbox-microsoft-secret',
  },
] as const
type DemoVendor = (typeof vendors)[number]

/** A tenant to look at: one member with a played Google and a played Outlook calendar. Safe to ask again and again. */
export async function ensureDemoTenant(place: DemoPlace, access: DemoAccess): Promise<DemoTenant> {
  const operator = apiClient(place.api, access.operatorKey)
  const { tenantId, apiKey, firstTime } = await ensureTenant(operator, place, access)
  const tenant = apiClient(place.api, apiKey)
  const memberId = await ensureMember(tenant)
  for (const vendor of vendors) {
    await ensureAccount(place.sandbox.control, vendor, firstTime)
    const { clientId, clientSecret } = vendor
    await tenant.put(`/integrations/${vendor.vendor}`, { clientId, clientSecret, endpoints: 'sandbox' })
  }
  for (const vendor of vendors) await ensureProvider(tenant, vendor, memberId, place.api)
  const { url } = await operator.post<{ url: string }>(`/tenants/${tenantId}/sign-in-links`)
  return { tenantId, apiKey, signInLink: url, firstTime }
}

async function ensureTenant(
  operator: ApiClient,
  place: DemoPlace,
  access: DemoAccess,
): Promise<{ tenantId: string; apiKey: string; firstTime: boolean }> {
  const file = join(access.dataDir, 'demo.json')
  const keep = (apiKey: string) => writeFileSync(file, JSON.stringify({ apiKey }, null, 2), { mode: 0o600 })
  const found = await operator.get<{ items: { id: string }[] }>(`/tenants?name=${tenantName}`)
  const known = found.items[0]
  if (!known) {
    const made = await operator.post<{ tenant: { id: string }; apiKey: string }>('/tenants', {
      name: tenantName,
    })
    keep(made.apiKey)
    return { tenantId: made.tenant.id, apiKey: made.apiKey, firstTime: true }
  }
  const kept = (readJson(file) as { apiKey?: string } | null)?.apiKey
  if (kept && (await opens(place.api, kept, known.id))) {
    return { tenantId: known.id, apiKey: kept, firstTime: false }
  }
  const name = 'Demo key'
  const made = await operator.post<{ apiKey: string }>(`/tenants/${known.id}/api-keys`, { name })
  keep(made.apiKey)
  return { tenantId: known.id, apiKey: made.apiKey, firstTime: false }
}

/** Whether a kept key still is this tenant's; a database made anew knows it no more. */
async function opens(api: string, apiKey: string, tenantId: string): Promise<boolean> {
  try {
    const { tenant } = await apiClient(api, apiKey).get<{ tenant: { id: string } }>('/me')
    return tenant.id === tenantId
  } catch (error) {
    if (error instanceof ApiRefused && error.status === 401) return false
    throw error
  }
}

async function ensureMember(tenant: ApiClient): Promise<string> {
  const [known] = (await tenant.get<{ items: { id: string }[] }>('/members')).items
  if (known) return known.id
  const email = 'dana@demo.example'
  return (await tenant.post<{ id: string }>('/members', { email, name: 'Dana Demo' })).id
}

/** The account, and in a new Google account a week of events around today. */
async function ensureAccount(control: string, { vendor, email }: DemoVendor, isNew: boolean): Promise<void> {
  await post(`${control}/accounts`, JSON.stringify({ vendor, email }), 'application/json')
  if (!isNew || vendor !== 'google') return
  const calendar = readFileSync(join(import.meta.dirname, 'demo-calendar.ics'), 'utf8')
  const shiftWeeks = Math.floor((Date.now() - anchor) / weekMs)
  await post(
    `${control}/accounts/${email}/import?vendor=${vendor}&shiftWeeks=${shiftWeeks}`,
    calendar,
    'text/calendar',
  )
}

async function post(url: string, body: string, type: string): Promise<void> {
  const signal = AbortSignal.timeout(15_000)
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body, signal })
  if (answer.ok) return
  throw new Error(`The sandbox answered ${answer.status} to ${new URL(url).pathname}: ${await answer.text()}`)
}

interface DemoProvider {
  id: string
  vendor: string
  name: string
  authorization: string
}

/** A consent that no longer works is left as it is: what a person does then belongs to the demo. */
async function ensureProvider(
  tenant: ApiClient,
  { vendor, email, name }: DemoVendor,
  memberId: string,
  apiUrl: string,
): Promise<void> {
  const known = (await tenant.get<{ items: DemoProvider[] }>('/providers')).items
  const provider =
    known.find((candidate) => candidate.vendor === vendor && candidate.name === name) ??
    (await tenant.post<DemoProvider>('/providers', { name, vendor, memberId }))
  if (provider.authorization !== 'unauthorized') return
  const { authorizeUrl } = await tenant.post<{ authorizeUrl: string }>(`/providers/${provider.id}/authorize`)
  const { connected, page } = await giveConsent(authorizeUrl, email, apiUrl)
  if (!connected) throw new Error(`The demo's ${vendor} account could not be connected: ${wordsOf(page)}`)
}

const wordsOf = (page: string): string => /<p>(.*?)<\/p>/s.exec(page)?.[1] ?? 'no reason given'
