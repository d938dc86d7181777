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

/** Consents as this account and follows the way back to our callback. */
export async function giveConsent(authorizeUrl: string, accountEmail: string): Promise<ConsentResult> {
  const callback = await decideConsent(authorizeUrl, accountEmail)
  const answer = await fetch(callback, { signal: AbortSignal.timeout(30_000) })
  return { connected: answer.ok, page: await answer.text() }
}
