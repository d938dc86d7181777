import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'
import { refusal } from './microsoft-routes.ts'

/** An answer a fault asks of a sign-in endpoint, whose errors look unlike those of the calendars. */
export class OAuthFault extends Error {
  override readonly name = 'OAuthFault'
  readonly status: number
  readonly body: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>) {
    super('A sign-in endpoint was told to fail.')
    this.status = status
    this.body = body
  }
}

const usual: Record<number, string> = {
  400: 'invalid_grant',
  401: 'invalid_client',
  403: 'access_denied',
  500: 'server_error',
}

export function isSignIn(path: string): boolean {
  return /^\/(token|revoke)$/.test(path) || /\/oauth2\/(v2\.0|v2)\//.test(path)
}

export function oauthFault(
  world: World,
  vendor: Vendor,
  status: number,
  code?: string,
  message?: string,
): OAuthFault {
  const error = code ?? usual[status] ?? 'temporarily_unavailable'
  const text = message ?? 'The sandbox was told to refuse this.'
  if (vendor === 'google') return new OAuthFault(status, { error, error_description: text })
  const number = error === 'invalid_grant' ? 70000 : error === 'invalid_client' ? 7000215 : 90033
  return new OAuthFault(status, refusal(world, status, error, number, text).body)
}
