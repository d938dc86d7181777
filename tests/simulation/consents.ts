import { findProvider, type Provider } from '../../db/providers.ts'
import { beginConsent, completeConsent } from '../../oauth/consent.ts'
import { decideConsent } from '../../scripts/consent.ts'
import type { Performance } from './attempts.ts'

/** A person takes back at the vendor what they allowed: every token of the account is dead, other tenants' too. */
export async function revokeConsent(play: Performance): Promise<void> {
  const { vendor, accountEmail, id } = play.chance.pick(play.providers)
  play.counts.faults++
  play.story.push(`the consent for ${play.nameOf(id)} is taken back`)
  await play.world.control.revoke(vendor, accountEmail ?? '')
  const concerned = await play.world.database.owner<{ id: string }[]>`
    select id from providers where vendor = ${vendor} and account_email = ${accountEmail} and deleted_at is null`
  for (const one of concerned) play.revoked.add(one.id)
}

/** A person consents again, whether or not they were asked to. */
export async function consentAgain(
  play: Performance,
  provider = play.chance.pick(play.providers),
): Promise<void> {
  play.story.push(`somebody consents again for ${play.nameOf(provider.id)}`)
  play.revoked.delete(provider.id)
  await renewConsent(play, provider)
}

/** Somebody who is asked for a consent gives it. */
export async function consentWhereAsked(play: Performance): Promise<void> {
  const asked = play.providers.filter(({ id }) => play.revoked.has(id))
  if (asked.length > 0) await consentAgain(play, play.chance.pick(asked))
}

/** Everybody whose consent was taken back gives it again; nobody else was asked to. */
export async function renewAll(play: Performance): Promise<void> {
  for (const provider of play.providers) {
    const { authorization } = await stateOf(play, provider)
    const isRevoked = play.revoked.delete(provider.id)
    if (authorization !== 'connected' && !isRevoked)
      throw new Error(`${play.nameOf(provider.id)} asks for a consent that stands.`)
    if (isRevoked) await renewConsent(play, provider)
  }
}

/** By way of the vendor's consent page, as from the console. */
async function renewConsent(tenant: Performance, provider: Provider): Promise<void> {
  const { deps, wire } = tenant.world
  const consent = { ...deps, config: { publicUrl: deps.publicUrl } }
  const { authorizeUrl } = await beginConsent(consent, await stateOf(tenant, provider), null)
  const back = new URL(await decideConsent(authorizeUrl, provider.accountEmail ?? '')).searchParams
  const answered = (name: string) => back.get(name) ?? undefined
  await completeConsent(consent, {
    vendor: provider.vendor,
    state: answered('state'),
    code: answered('code'),
    error: answered('error'),
    browser: undefined,
  })
  wire.changed.add(provider.id)
  const connected = await stateOf(tenant, provider)
  tenant.providers = tenant.providers.map((one) => (one.id === provider.id ? connected : one))
}

async function stateOf({ world, tenantId }: Performance, { id }: Provider): Promise<Provider> {
  const provider = await world.database.tenant(tenantId, (db) => findProvider(db, id))
  if (!provider) throw new Error('The provider is not there.')
  return provider
}
