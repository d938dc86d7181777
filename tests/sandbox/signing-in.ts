import { createHash } from 'node:crypto'
import { oauthClients, redirectUri } from './consent.ts'
import { object, type Answer, type Json, type Played } from './played.ts'

export const person = 'ada@example.com'
export const verifier = 'v'.repeat(50)
export const challenge = createHash('sha256').update(verifier).digest('base64url')

type Fields = Record<string, string>

/** A client that has people sign in at a vendor, and what it can do there. */
export interface SigningIn {
  /** The authorize parameters, with others instead. */
  asked(more?: Fields): Fields
  /** What the page says that a person is sent to. */
  look(more?: Fields): Promise<Answer>
  /** A person decides; answers what the page or redirect says. */
  decide(more?: Fields): Promise<Answer>
  /** A person allows; answers what the client is sent back with. */
  allow(more?: Fields): Promise<URLSearchParams>
  redeem(code: string | null, more?: Fields): Promise<Answer>
  refresh(refreshToken: unknown, more?: Fields): Promise<Answer>
  /** Consent and exchange in one. */
  tokens(more?: Fields): Promise<Json>
  post(path: string, fields: Fields | URLSearchParams, headers?: Fields): Promise<Answer>
}

/** The client a sandbox has from the start, or another one, under another tenant's path if it is wished. */
export function signingIn(
  played: Played,
  vendor: keyof typeof oauthClients,
  other: { id?: string; secret?: string; tenant?: string } = {},
): SigningIn {
  const { id, secret, tenant } = { ...oauthClients[vendor], tenant: 'common', ...other }
  const at = (path: string): string => path.replace('common', tenant)
  const authorize = at(oauthClients[vendor].authorize)
  const token = at(oauthClients[vendor].token)

  const asked = (more: Fields = {}): Fields => {
    const all = {
      client_id: id,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: oauthClients[vendor].scope,
      state: 'the-state',
      access_type: 'offline',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    }
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
  }
  const post: SigningIn['post'] = (path, fields, headers = {}) =>
    read(`${played.sandbox.url}${path}`, 'POST', new URLSearchParams(fields), headers)
  const decide = (more: Fields = {}) =>
    post(authorize, asked({ account: person, decision: 'allow', ...more }))
  const allow = async (more: Fields = {}) => {
    const { status, headers } = await decide(more)
    if (status !== 302) throw new Error(`The consent was answered with ${status}.`)
    return new URL(headers.get('location') ?? '').searchParams
  }
  const client = { client_id: id, client_secret: secret }
  const given = (fields: Fields): Fields =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
  const redeem: SigningIn['redeem'] = (code, more = {}) => {
    const grant = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: redirectUri }
    return post(token, given({ ...client, ...grant, code_verifier: verifier, ...more }))
  }
  const refresh: SigningIn['refresh'] = (refreshToken, more = {}) => {
    const grant = { grant_type: 'refresh_token', refresh_token: String(refreshToken) }
    return post(token, given({ ...client, ...grant, ...more }))
  }
  return {
    asked,
    look: (more) =>
      read(`${played.sandbox.url}${authorize}?${new URLSearchParams(asked(more))}`, 'GET', undefined, {}),
    decide,
    allow,
    redeem,
    refresh,
    tokens: async (more) => (await redeem((await allow(more)).get('code'))).body,
    post,
  }
}

/** What a redirect tells the client, wherever it tells it. */
export function told(answer: Answer): Fields {
  const url = new URL(answer.headers.get('location') ?? '')
  const fields = url.hash === '' ? url.searchParams : new URLSearchParams(url.hash.slice(1))
  return Object.fromEntries(fields)
}

export function claimsOf(token: unknown): Json {
  const [, payload = ''] = String(token).split('.')
  return object(JSON.parse(Buffer.from(payload, 'base64url').toString()))
}

async function read(
  url: string,
  method: string,
  body: URLSearchParams | undefined,
  headers: Fields,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers,
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? object(JSON.parse(text)) : { text },
  }
}
