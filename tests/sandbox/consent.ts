import { object, type Json, type Played } from './played.ts'

export const redirectUri = 'http://127.0.0.1:9/callback'

/** The OAuth clients a sandbox has from the start, with all a calendar synchronisation asks for. */
export const oauthClients = {
  google: {
    authorize: '/o/oauth2/v2/auth',
    token: '/token',
    id: 'sandbox-google.apps.googleusercontent.com',
    secret: 'sandbox-google-secret',
    scope: 'openid email https://www.googleapis.com/auth/calendar',
  },
  microsoft: {
    authorize: '/common/oauth2/v2.0/authorize',
    token: '/common/oauth2/v2.0/token',
    id: '00000000-5a4d-4b0c-8000-000000000001',
    secret: 'sandbox-microsoft-secret',
    scope: 'openid offline_access User.Read Calendars.ReadWrite',
  },
}

/** What a person is asked for when a client sends them to the vendor. */
export function authorizeUrl(played: Played, vendor: keyof typeof oauthClients): URL {
  const client = oauthClients[vendor]
  const asked = {
    client_id: client.id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: client.scope,
    state: 'the-state',
    access_type: 'offline',
  }
  return new URL(`${client.authorize}?${new URLSearchParams(asked)}`, played.sandbox.url)
}

/** A person says yes; answers the code that the client is sent back with. */
export async function consent(url: URL, email: string): Promise<string> {
  const form = new URLSearchParams([...url.searchParams, ['account', email], ['decision', 'allow']])
  const answer = await fetch(`${url.origin}${url.pathname}`, {
    method: 'POST',
    redirect: 'manual',
    body: form,
  })
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

/** Consent and exchange in one, as far as the tokens. */
export async function tokensFor(
  played: Played,
  vendor: keyof typeof oauthClients,
  email: string,
): Promise<Json> {
  const client = oauthClients[vendor]
  const form = {
    grant_type: 'authorization_code',
    code: await consent(authorizeUrl(played, vendor), email),
    client_id: client.id,
    client_secret: client.secret,
    redirect_uri: redirectUri,
  }
  const answer = await fetch(`${played.sandbox.url}${client.token}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  return object(await answer.json())
}
