import { createHash } from 'node:crypto'
import { alphanumeric, base64url } from '../random.ts'
import type { Vendor } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { AuthorizationCode } from './types.ts'

const lifetimeMs = 10 * 60_000

/** Both vendors' codes are good once and for ten minutes. */
export function issueCode(
  world: World,
  vendor: Vendor,
  code: Omit<AuthorizationCode, 'code' | 'expiresAtMs' | 'redeemed'>,
): AuthorizationCode {
  const text =
    vendor === 'google'
      ? `4/0A${world.random.text(60, base64url)}`
      : `M.C5_${world.random.text(80, alphanumeric)}`
  const issued = { ...code, code: text, expiresAtMs: nowOf(world) + lifetimeMs, redeemed: false }
  world.state.codes.set(text, issued)
  return issued
}

export function redeemCode(world: World, code: AuthorizationCode): void {
  world.state.codes.set(code.code, { ...code, redeemed: true })
}

export type VerifierCheck = 'good' | 'missing' | 'wrong' | 'not needed'

/** Holds a verifier against the challenge its code was asked for with (RFC 7636). */
export function checkVerifier({ challenge }: AuthorizationCode, verifier: string | undefined): VerifierCheck {
  if (challenge === null) return verifier === undefined ? 'good' : 'not needed'
  if (verifier === undefined) return 'missing'
  const hashed = createHash('sha256').update(verifier).digest('base64url')
  return challenge.value === (challenge.method === 'S256' ? hashed : verifier) ? 'good' : 'wrong'
}
