import { OutcomeUnknown, Throttled, TokenRefused, VendorError } from './errors.ts'
import type { AdapterOptions } from './port.ts'

/**
 * Runs one request with a working token; a refused one is refreshed once. A token may take long to come, so whether the
 * call may be made is asked last of all. `calls`: what the vendor counts the request for.
 */
export async function withToken<T>(
  options: Pick<AdapterOptions, 'accessToken' | 'beforeCall' | 'throttled'>,
  request: (token: string) => Promise<T>,
  calls = 1,
): Promise<T> {
  const token = await options.accessToken()
  await options.beforeCall(calls)
  const asked = (working: string) =>
    request(working).catch(async (error: unknown) => {
      if (error instanceof Throttled) await options.throttled?.(error)
      throw error
    })
  try {
    return await asked(token)
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error
    const fresh = await options.accessToken(token)
    await options.beforeCall(calls)
    return asked(fresh)
  }
}

/** A network failure as ours: the request may have arrived, so the outcome is unknown. */
export function lostAnswer(error: unknown): VendorError {
  if (error instanceof VendorError) return error
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'NETWORK'
  return new OutcomeUnknown(code, `The vendor did not answer (${code}).`)
}

/** Seconds or an HTTP date in `Retry-After` (RFC 9110 §10.2.3), in milliseconds; `fallbackMs` when there is none. */
export function retryAfterMs(header: string | null | undefined, fallbackMs: number): number {
  if (!header) return fallbackMs
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(seconds * 1000, 0)
  const until = Date.parse(header)
  return Number.isNaN(until) ? fallbackMs : Math.max(until - Date.now(), 0)
}
