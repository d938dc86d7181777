import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'
import type { Client } from './types.ts'

export function findClient(world: World, vendor: Vendor, clientId: string | undefined): Client | undefined {
  const client = world.state.clients.get(clientId ?? '')
  return client?.vendor === vendor ? client : undefined
}

/** Says whether a client may be answered at an address: a registered one exactly, or else https or this machine. */
export function mayRedirect(client: Client, address: string | undefined): address is string {
  if (address === undefined || !URL.canParse(address)) return false
  if (client.redirectUris !== undefined) return client.redirectUris.includes(address)
  const url = new URL(address)
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}

/** Who a token request says it comes from: in the form, or as a user name and password (RFC 6749 §2.3.1). */
export function presentedClient(
  form: Record<string, string>,
  authorization: string | undefined,
): { clientId: string | undefined; secret: string | undefined } {
  const basic = /^Basic\s+([\w+/=-]+)$/i.exec(authorization ?? '')?.[1]
  if (basic === undefined) return { clientId: form['client_id'], secret: form['client_secret'] }
  const [clientId = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return { clientId: decode(clientId), secret: decode(rest.join(':')) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
