import { authorizeUrl, consent, oauthClients, redirectUri, tokensFor } from './consent.ts'
import type { Answer, Played } from './played.ts'
import type { Stop } from './tour.ts'

/** Calls one of the sign-in's own routes, which take forms and queries. */
export async function signIn(played: Played, stop: Stop, email: string): Promise<Answer> {
  const { vendor, method, path } = stop
  const address = new URL(path.replace(':tenant', 'common'), played.sandbox.url)
  const fields = new URLSearchParams(await fieldsFor(played, stop, email))
  if (method === 'GET') address.search = fields.toString()
  const needsToken = path.endsWith('/userinfo')
  const token = needsToken ? String((await tokensFor(played, vendor, email))['access_token']) : ''
  const answer = await fetch(address, {
    method,
    redirect: 'manual',
    headers: needsToken ? { authorization: `Bearer ${token}` } : {},
    ...(method === 'GET' ? {} : { body: fields }),
  })
  await answer.arrayBuffer()
  return { status: answer.status, headers: answer.headers, body: {} }
}

async function fieldsFor(
  played: Played,
  { vendor, method, path }: Stop,
  email: string,
): Promise<Record<string, string>> {
  const { id, secret } = oauthClients[vendor]
  if (path.endsWith('/tokeninfo'))
    return { access_token: String((await tokensFor(played, vendor, email))['access_token']) }
  if (path.endsWith('/revoke'))
    return { token: String((await tokensFor(played, vendor, email))['access_token']) }
  const url = authorizeUrl(played, vendor)
  if (path.endsWith('/token')) {
    const client = { client_id: id, client_secret: secret, redirect_uri: redirectUri }
    return { grant_type: 'authorization_code', code: await consent(url, email), ...client }
  }
  if (!/(auth|authorize|adminconsent)$/.test(path)) return {}
  const asked = Object.fromEntries(url.searchParams)
  return method === 'GET' ? asked : { ...asked, account: email, decision: 'allow' }
}
