import { allAccounts } from '../accounts.ts'
import { flag, html, page } from '../pages/html.ts'
import { vendorNames } from '../pages/words.ts'
import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'

/** The page on which a person picks an account and decides; scripts post the same form. */
export function consentPage(
  world: World,
  request: { vendor: Vendor; action: string; parameters: Record<string, string>; scopes: string[] },
): string {
  const hint = (request.parameters['login_hint'] ?? '').toLowerCase()
  const accounts = allAccounts(world).filter((account) => account.vendor === request.vendor)
  const chosen = accounts.find((account) => account.email === hint) ?? accounts[0]
  const hidden = Object.entries(request.parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  const choices = accounts.map(
    (account, index) =>
      html`<label
        ><input
          type="radio"
          name="account"
          id="account-${index + 1}"
          value="${account.email}"
          ${flag(account === chosen, 'checked')}
        />
        ${account.email}</label
      >`,
  )
  const name = vendorNames[request.vendor]
  return page(
    `${name} (sandbox): sign in`,
    html`<main class="card narrow consent vendor-${request.vendor}">
      <h1>${name} <small class="note">played by the sandbox</small></h1>
      <p><strong>${request.parameters['client_id'] ?? ''}</strong> wants to access your account:</p>
      <ul>
        ${request.scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <form method="post" action="${request.action}">
        ${hidden} ${choices}
        <label for="other-account">Another account</label>
        <input type="email" id="other-account" name="other_account" placeholder="somebody@example.com" />
        <p class="buttons">
          <button class="primary" id="allow" name="decision" value="allow">Allow</button>
          <button id="deny" name="decision" value="deny">Deny</button>
        </p>
      </form>
    </main>`,
  )
}

export function refusalPage(vendor: Vendor, title: string, message: string): string {
  return page(
    title,
    html`<main class="card narrow vendor-${vendor}">
      <h1>${vendorNames[vendor]}</h1>
      <h2>${title}</h2>
      <p>${message}</p>
    </main>`,
  )
}
