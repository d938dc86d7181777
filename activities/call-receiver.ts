import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { brokenUrlRule, mayBeCalled, type ReceiverRules } from '../domain/receivers.ts'

export interface Call {
  url: string
  headers: Record<string, string>
  body: string
  patienceMs: number
  rules: ReceiverRules
}

/** How a name becomes addresses, as `dns.lookup` does it. */
export type Resolver = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** What a receiver answered, or in one word why there is no answer. */
export type Answered = { status: number; error: null } | { status: null; error: string }

/**
 * Sends a body to somebody else's server, by POST. The address that its name leads to is judged and called in one step, so that a name
 * which leads elsewhere a moment later changes nothing; a redirect is an answer like any other. Of the answer only the status is read.
 */
export async function callReceiver(call: Call, resolver: Resolver = lookup): Promise<Answered> {
  // What was allowed when the URL was given may not be any more.
  if (brokenUrlRule(call.url, call.rules) !== undefined) return { status: null, error: 'address-refused' }
  const url = new URL(call.url)
  const open = url.protocol === 'https:' ? secureRequest : plainRequest
  return new Promise((resolve) => {
    const request = open(url, {
      method: 'POST',
      headers: { ...call.headers, 'content-length': Buffer.byteLength(call.body) },
      agent: false,
      lookup: guardedLookup(call.rules, resolver),
      signal: AbortSignal.timeout(call.patienceMs),
    })
    request.on('response', (response) => {
      resolve({ status: response.statusCode ?? 0, error: null })
      // The rest is let go by until the patience ends: who is cut off while answering may take it for a failure.
      response.on('error', () => {}).resume()
    })
    request.on('error', (error) => resolve({ status: null, error: reasonOf(error) }))
    request.end(call.body)
  })
}

/** The name led to an address that is not called. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

const guardedLookup =
  (rules: ReceiverRules, resolver: Resolver): LookupFunction =>
  (hostname, options, callback) => {
    resolver(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const [first] = addresses
      if (!first || addresses.some(({ address }) => !mayBeCalled(address, rules)))
        return callback(new AddressRefused(), '')
      if (options.all) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }

/** One word for people; what the receiver's side said is not kept. */
function reasonOf(error: Error): string {
  if (error instanceof AddressRefused) return 'address-refused'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  if (error.name === 'TimeoutError' || code === 'ABORT_ERR' || code === 'ETIMEDOUT') return 'timeout'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name-unknown'
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'unreachable'
  if (/CERT|TLS|SSL|SIGNATURE|ISSUER|EPROTO/.test(code)) return 'tls'
  return 'connection-lost'
}
