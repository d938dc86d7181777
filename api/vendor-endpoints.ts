import type { VendorEndpoints } from '../db/oauth-clients.ts'
import type { Vendor } from '../domain/event.ts'
import type { ApiConfig } from './dependencies.ts'
import { conflicting, invalid } from './problem.ts'

/** Where a client speaks to its vendor: the vendor's own hosts, the sandbox, or named ones (a proxy, a national cloud). */
export function endpointsFor(
  config: ApiConfig,
  vendor: Vendor,
  wish: 'vendor' | 'sandbox' | VendorEndpoints,
): VendorEndpoints {
  if (wish === 'vendor') return config.vendorUrls[vendor]
  if (wish === 'sandbox') {
    if (!config.sandboxUrl) {
      throw conflicting(
        'no-sandbox',
        'No sandbox is configured here: set SANDBOX_URL, or name the endpoints.',
      )
    }
    return { api: config.sandboxUrl, authorize: config.sandboxUrl, token: config.sandboxUrl }
  }
  return {
    api: baseUrl('endpoints.api', wish.api),
    authorize: baseUrl('endpoints.authorize', wish.authorize),
    token: baseUrl('endpoints.token', wish.token),
  }
}

/** Tokens travel there, so it is https; plain http only to this machine. */
function baseUrl(field: string, text: string): string {
  if (!URL.canParse(text)) throw invalid(field, 'must be a URL.')
  const url = new URL(text)
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !isLoopback) throw invalid(field, 'must be https; http only on loopback.')
  if (url.username || url.password || url.search || url.hash) {
    throw invalid(field, 'must be a plain base URL, without a user, query or fragment.')
  }
  return text.replace(/\/+$/, '')
}
