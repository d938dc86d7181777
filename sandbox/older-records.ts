import { isObject } from './json.ts'
import type { KeptItem } from './kept-items.ts'
import type { RefreshToken } from './oauth/types.ts'
import { nowOf, type World } from './world.ts'

/** A record as an earlier sandbox wrote it, read as one of today; any other as it is. */
export function asToday(world: World, { of, key, value }: Extract<KeptItem, { kind: 'record' }>): unknown {
  // Of a refresh token only its grant was known.
  if (of === 'refreshTokens' && typeof value === 'string') {
    const now = nowOf(world)
    const scopes = world.state.grants.get(value)?.scopes ?? []
    const token: RefreshToken = {
      token: key,
      grantId: value,
      scopes,
      issuedAtMs: now,
      usedAtMs: now,
      endsAtMs: null,
      revoked: false,
    }
    return token
  }
  // Of a grant only whether it was revoked.
  if (of === 'grants' && isObject(value) && 'revoked' in value) {
    const { revoked, ...grant } = value
    return { ...grant, ended: revoked === true ? 'revoked' : null, wasExchanged: true }
  }
  return value
}
