import { allAccounts } from '../accounts.ts'
import { html, page, type Html } from '../pages/html.ts'
import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'

export const vendorNames: Record<Vendor, string> = { google: 'Google', microsoft: 'Microsoft' }

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
    (account) =>
      html`<label
        ><input
          type="radio"
          name="account"
          value="${account.email}"
          ${attribute(account === chosen, ' checked')}
        />
        ${account.email}</label
      >`,
  )
  const name = vendorNames[request.vendor]
  return page(
    `${name} (sandbox): sign in`,
    html`<h1>${name} <small class="note">played by the sandbox</small></h1>
      <p><strong>${request.parameters['client_id'] ?? ''}</strong> wants to access your account:</p>
      <ul>
        ${request.scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <form method="post" action="${request.action}">
        ${hidden} ${choices}
        <label
          >Another account <input type="email" name="other_account" placeholder="somebody@example.com"
        /></label>
        <p>
          <button name="decision" value="allow">Allow</button>
          <button name="decision" value="deny">Deny</button>
        </p>
      </form>`,
  )
}

export function refusalPage(vendor: Vendor, title: string, message: string): string {
  return page(
    title,
    html`<h1>${vendorNames[vendor]}</h1>
      <h2>${title}</h2>
      <p>${message}</p>`,
  )
}

function attribute(isThere: boolean, text: string): Html {
  return { html: isThere ? text : '' }
}
