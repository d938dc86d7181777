import { createHash } from 'node:crypto'
import { findAccount } from '../accounts.ts'
import { microsoftSwitch } from '../microsoft/switches.ts'
import type { MicrosoftAccount } from '../microsoft/types.ts'
import { nowOf, type World } from '../world.ts'
import { signToken } from './keys.ts'
import { nameOf } from './names.ts'
import { tenantOf, type Audience } from './tenants.ts'
import { checkBearer } from './tokens.ts'
import type { Grant } from './types.ts'

function issuerOf(world: World, tenantId: string): string {
  const isVendor = microsoftSwitch(world.state, 'identityIssuer') === 'vendor'
  return `${isVendor ? 'https://login.microsoftonline.com' : world.origin}/${tenantId}/v2.0`
}

/** Who granted, signed (https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference). */
export function microsoftIdentityToken(
  world: World,
  grant: Grant,
  account: MicrosoftAccount,
  about: { scopes: readonly string[]; nonce: string | null },
): string {
  const now = Math.floor(nowOf(world) / 1000)
  const tenantId = tenantOf(account)
  const isProfile = about.scopes.includes('profile')
  return signToken(world, 'microsoft', {
    ver: '2.0',
    iss: issuerOf(world, tenantId),
    sub: pairwise(account, grant.clientId),
    aud: grant.clientId,
    iat: now,
    nbf: now,
    exp: now + 3600,
    tid: tenantId,
    ...(isProfile
      ? { oid: objectIdOf(account), name: nameOf(account).name, preferred_username: account.email }
      : {}),
    ...(about.scopes.includes('email') ? { email: account.email } : {}),
    ...(about.nonce === null ? {} : { nonce: about.nonce }),
  })
}

/** Each client knows a person by another subject. */
function pairwise({ subject }: MicrosoftAccount, clientId: string): string {
  return createHash('sha256').update(`${subject} ${clientId}`).digest('base64url')
}

/** A personal account's id is a short one, dressed as one of the directory's. */
export function objectIdOf({ kind, subject }: MicrosoftAccount): string {
  if (kind === 'work') return subject
  const short = subject.replaceAll('-', '').padStart(16, '0').slice(-16)
  return `00000000-0000-0000-${short.slice(0, 4)}-${short.slice(4)}`
}

/** What Microsoft's own libraries tell accounts apart by. */
export function clientInfo(account: MicrosoftAccount): string {
  const info = { uid: objectIdOf(account), utid: tenantOf(account) }
  return Buffer.from(JSON.stringify(info)).toString('base64url')
}

/** https://learn.microsoft.com/entra/identity-platform/userinfo; nothing when the token is not good for it. */
export function microsoftUserInfo(
  world: World,
  authorization: string | undefined,
): Record<string, unknown> | null {
  const checked = checkBearer(world, 'microsoft', authorization)
  if (checked.kind !== 'valid') return null
  const { email, scopes, clientId } = checked.caller
  const account = findAccount(world, 'microsoft', email)
  if (account?.vendor !== 'microsoft' || (scopes !== null && !scopes.includes('openid'))) return null
  return {
    sub: pairwise(account, clientId),
    ...(scopes === null || scopes.includes('profile') ? nameOf(account) : {}),
    ...(scopes === null || scopes.includes('email') ? { email } : {}),
    picture: 'https://graph.microsoft.com/v1.0/me/photo/$value',
  }
}

/** https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc, with the sandbox's addresses. */
export function microsoftDiscovery(
  world: World,
  tenant: string,
  audience: Audience,
): Record<string, unknown> {
  const at = (path: string): string => `${world.origin}/${tenant}/${path}`
  const issuerTenant =
    audience.kind === 'tenant'
      ? audience.id
      : audience.kind === 'consumers'
        ? '9188040d-6c67-4c5b-b112-36a304b66dad'
        : '{tenantid}'
  return {
    token_endpoint: at('oauth2/v2.0/token'),
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    jwks_uri: at('discovery/v2.0/keys'),
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerOf(world, issuerTenant),
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${world.origin}/oidc/userinfo`,
    authorization_endpoint: at('oauth2/v2.0/authorize'),
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: at('oauth2/v2.0/logout'),
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      'email',
    ],
    tenant_region_scope: null,
    cloud_instance_name: 'microsoftonline.com',
    msgraph_host: 'graph.microsoft.com',
  }
}
