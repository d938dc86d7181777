import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../db/connection.ts'
import { findCredentials, saveCredentials, type ProviderCredentials } from '../../db/provider-credentials.ts'
import type { Provider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import { accessTokenFor, tokenContext } from '../../oauth/access-token.ts'
import { ClientRefused, ConsentRevoked, OutcomeUnknown } from '../../providers/errors.ts'
import { missingScopes, type Tokens } from '../../providers/oauth.ts'
import { consentAt } from '../support/consented.ts'
import { connectProvider, createWorld, makeTenant, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** A provider whose tokens came from a real consent, the access token expired `ago` milliseconds since. */
async function consented(
  vendor: Vendor,
  ago: number,
): Promise<{ provider: Provider; email: string; tokens: Tokens }> {
  const email = `${randomUUID()}@${vendor}.example`
  const provider = await connectProvider(world, await makeTenant(world), vendor, { email })
  const tokens = await consentAt(world.sandbox.url, vendor, email)
  await world.database.tenant(provider.tenantId, (db) =>
    saveCredentials(db, {
      providerId: provider.id,
      tenantId: provider.tenantId,
      refreshTokenCiphertext: world.envelope.seal(
        tokens.refreshToken ?? '',
        tokenContext('refresh-token', provider),
      ),
      accessTokenCiphertext: world.envelope.seal(tokens.accessToken, tokenContext('access-token', provider)),
      accessTokenExpiresAt: new Date(Date.now() - ago),
      scope: tokens.scope,
      consentedAt: new Date(),
    }),
  )
  await world.control.forgetRequests()
  return { provider, email, tokens }
}
const consentOf = ({
  version: _version,
  refreshLeaseUntil: _until,
  refreshedAt: _at,
  ...consent
}: ProviderCredentials) => consent
const refreshes = async () =>
  (await world.control.requests('?method=POST')).filter((request) => request.path.endsWith('/token'))

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  test('a token that still works is not refreshed', async () => {
    const { provider, tokens } = await consented(vendor, -600_000)
    expect(await accessTokenFor(world.deps, provider)).toBe(tokens.accessToken)
    expect(await refreshes()).toEqual([])
  })

  test('many callers with an expired token refresh it once, and all get the new one', async () => {
    const { provider, tokens } = await consented(vendor, 1_000)
    const asked = await Promise.all(Array.from({ length: 8 }, () => accessTokenFor(world.deps, provider)))
    expect(new Set(asked).size).toBe(1)
    expect(asked[0]).not.toBe(tokens.accessToken)
    expect(await refreshes()).toHaveLength(1)
  })

  test('what the vendor rotates is stored, what it does not is kept', async () => {
    const { provider, tokens } = await consented(vendor, 1_000)
    await accessTokenFor(world.deps, provider)
    const stored = await world.database.tenant(provider.tenantId, (db) => findCredentials(db, provider.id))
    const kept = world.envelope.open(
      stored?.refreshTokenCiphertext ?? '',
      tokenContext('refresh-token', provider),
    )
    expect(kept === tokens.refreshToken).toBe(vendor === 'google')
  })

  test('a revoked consent and a wrong client secret are told apart, and neither blocks the next try', async () => {
    const { provider, email } = await consented(vendor, 1_000)
    const code = vendor === 'google' ? { reason: 'invalid_client' } : { code: 'invalid_client' }
    await world.control.fault({
      kind: 'error',
      vendor,
      method: 'POST',
      path: '/token',
      status: 401,
      times: 1,
      ...code,
    })
    await expect(accessTokenFor(world.deps, provider)).rejects.toBeInstanceOf(ClientRefused)
    await world.control.revoke(vendor, email)
    await expect(accessTokenFor(world.deps, provider)).rejects.toBeInstanceOf(ConsentRevoked)
  })

  test('a refresh that fails while the member consents again does not end the new consent', async () => {
    const { provider, tokens } = await consented(vendor, 1_000)
    const { tenantId, id: providerId } = provider
    await world.control.revoke(vendor, provider.accountEmail ?? '')
    const consentAgain = async () => {
      const { database, envelope } = world
      const renewed = envelope.seal('renewed', tokenContext('access-token', provider))
      await database.tenant(tenantId, async (db) => {
        const held = await findCredentials(db, providerId)
        if (!held) throw new Error('There are no credentials.')
        const accessTokenExpiresAt = new Date(Date.now() + 3_600_000)
        await saveCredentials(db, {
          ...consentOf(held),
          accessTokenCiphertext: renewed,
          accessTokenExpiresAt,
        })
      })
    }
    let asked = 0
    const database: Database = {
      ...world.database,
      async tenant(tenant, work) {
        // After the lease was taken, and before the vendor is asked.
        if (++asked === 3) await consentAgain()
        return world.database.tenant(tenant, work)
      },
    }
    const failing = accessTokenFor({ ...world.deps, database }, provider)
    await expect(failing).rejects.toBeInstanceOf(OutcomeUnknown)
    expect(await accessTokenFor(world.deps, provider)).toBe('renewed')
    expect(tokens.accessToken).not.toBe('renewed')
  })

  test('the database holds ciphertext alone', async () => {
    const { provider, tokens } = await consented(vendor, 1_000)
    const [row] = await world.database.owner<{ said: string }[]>`
      select c::text as said from provider_credentials c where provider_id = ${provider.id}`
    expect(row?.said).toContain('v1.')
    for (const token of [tokens.accessToken, tokens.refreshToken ?? '-'])
      expect(row?.said).not.toContain(token)
  })
})

test('a consent that lacks a scope is noticed, whatever case and prefix the vendor writes it in', () => {
  expect(missingScopes('microsoft', 'User.Read https://graph.microsoft.com/calendars.readwrite')).toEqual([])
  expect(missingScopes('microsoft', 'User.Read')).toEqual(['Calendars.ReadWrite'])
  expect(missingScopes('google', 'https://www.googleapis.com/auth/calendar.events')).toEqual([
    'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
  ])
})
