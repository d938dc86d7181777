/** What a person does on a vendor's consent page, done by a program: for the demo tenant and for tests. */
export interface ConsentChoice {
  decision?: 'allow' | 'deny'
  /** Scopes that stay ticked; all of them when absent. */
  grantedScopes?: string[]
}

/** Decides on the sandbox's consent page; answers the address of ours that the vendor sends the person back to. */
export async function decideConsent(
  authorizeUrl: string,
  accountEmail: string,
  choice: ConsentChoice = {},
): Promise<string> {
  const url = new URL(authorizeUrl)
  const form = new URLSearchParams(url.search)
  form.set('account', accountEmail)
  form.set('decision', choice.decision ?? 'allow')
  for (const scope of choice.grantedScopes ?? []) form.append('granted_scope', scope)
  const answer = await fetch(`${url.origin}${url.pathname}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  })
  const callback = answer.headers.get('location')
  if (callback) return callback
  throw new Error(`The consent page answered ${answer.status} instead of sending the person back.`)
}

export interface ConsentResult {
  connected: boolean
  /** The callback page, as a person sees it. */
  page: string
}

/** Consents as this account and follows the way back to our callback, at `apiUrl` when the public address is not ours to reach. */
export async function giveConsent(
  authorizeUrl: string,
  accountEmail: string,
  apiUrl?: string,
): Promise<ConsentResult> {
  const callback = new URL(await decideConsent(authorizeUrl, accountEmail))
  const address = apiUrl ? new URL(callback.pathname + callback.search, apiUrl) : callback
  const answer = await fetch(address, { signal: AbortSignal.timeout(30_000) })
  return { connected: answer.ok, page: await answer.text() }
}
