import { setTimeout as pause } from 'node:timers/promises'
import { apiClient, type ApiClient } from '../../scripts/api-client.ts'
import { giveConsent } from '../../scripts/consent.ts'
import { bringUp } from '../../scripts/parts/bring-up.ts'
import { root } from '../../scripts/parts/command.ts'
import type { Endpoints } from '../../scripts/parts/endpoints.ts'
import { freePort } from '../../scripts/parts/ports.ts'
import { secretsFor } from '../../scripts/parts/secrets.ts'
import type { Settings } from '../../scripts/parts/settings.ts'
import { sandboxControl } from './parts.ts'

const askEveryMs = 5

/** The whole product as "npm start" runs it. Nothing of the caller's environment reaches it: no database, Temporal or proxy of theirs is used. */
export async function startProduct(dataDir: string): Promise<Endpoints> {
  const port = await freePort()
  const settings: Settings = {
    port,
    sandboxPort: await freePort(),
    temporalPort: await freePort(),
    temporalUiPort: await freePort(),
    publicUrl: `http://127.0.0.1:${port}`,
    databaseUrl: undefined,
    temporalAddress: undefined,
    temporalNamespace: 'calendar-sync',
    sandboxUrl: undefined,
  }
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'warn' }
  const given = { dataDir, settings, secrets: secretsFor(dataDir, {}), env, programs: root }
  return bringUp({ ...given, step: (_name, work) => work() })
}

export interface Connected {
  api: ApiClient
  providerId: string
  token: string
}

/** A tenant of its own with one Google calendar, connected as a person does it, and told of changes. */
export async function connectCalendar(
  endpoints: Endpoints,
  operatorKey: string,
  email: string,
): Promise<Connected> {
  const sandbox = sandboxControl(endpoints.sandbox.google)
  await sandbox.makeAccount('google', email)
  const operator = apiClient(endpoints.api, operatorKey)
  const { apiKey } = await operator.post<{ apiKey: string }>('/tenants', { name: email })
  const api = apiClient(endpoints.api, apiKey)
  await api.put('/integrations/google', {
    clientId: 'sandbox-google.apps.googleusercontent.com',
    clientSecret: 'sandbox-google-secret',
    endpoints: 'sandbox',
  })
  const { id: memberId } = await api.post<{ id: string }>('/members', { email, name: 'Dana' })
  const { id: providerId } = await api.post<{ id: string }>('/providers', {
    name: 'Measured',
    vendor: 'google',
    memberId,
  })
  const { authorizeUrl } = await api.post<{ authorizeUrl: string }>(`/providers/${providerId}/authorize`)
  const { connected, page } = await giveConsent(authorizeUrl, email)
  if (!connected) throw new Error(`The calendar could not be connected: ${page}`)
  await untilSeen('a first sync and a subscription', async () => {
    const { lastSyncAt, subscription } = await showProvider(api, providerId)
    return lastSyncAt !== null && subscription?.state === 'active'
  })
  return { api, providerId, token: await sandbox.token('google', email) }
}

interface ShownProvider {
  lastSyncAt: string | null
  subscription: { state: string } | null
}

export function showProvider(api: ApiClient, id: string): Promise<ShownProvider> {
  return api.get<ShownProvider>(`/providers/${id}`)
}

/** Waits until it is so, asking every few milliseconds. */
export async function untilSeen(what: string, isSeen: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 30_000
  while (!(await isSeen())) {
    if (performance.now() > deadlineMs) throw new Error(`Not seen within 30 s: ${what}.`)
    await pause(askEveryMs)
  }
}
