import type { Account } from '../accounts.ts'
import { flag, html, page, type Html } from '../pages/html.ts'
import { vendorNames } from '../pages/words.ts'
import type { Vendor } from '../state.ts'
import { isHinted } from './sign-ins.ts'

export interface ConsentQuestion {
  vendor: Vendor
  action: string
  parameters: Record<string, string>
  accounts: Account[]
  scopes: string[]
  /** Scopes a person can leave out. */
  optional: string[]
  /** An administrator is asked, for everybody in the organization. */
  isForTenant?: boolean
}

/** The page on which a person picks an account and decides; scripts post the same form. */
export function consentPage(question: ConsentQuestion): string {
  const { vendor, action, parameters, accounts } = question
  const chosen = accounts.find((account) => isHinted(account, parameters['login_hint'])) ?? accounts[0]
  const hidden = Object.entries(parameters).map(
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
  const name = vendorNames[vendor]
  return page(
    `${name} (sandbox): sign in`,
    html`<main class="card narrow consent vendor-${vendor}">
      <h1>${name} <small class="note">played by the sandbox</small></h1>
      <p>
        <strong>${parameters['client_id'] ?? ''}</strong> wants to access
        ${question.isForTenant === true ? 'the accounts of your whole organization' : 'your account'}:
      </p>
      <form method="post" action="${action}">
        ${hidden} ${wishes(question)} ${choices}
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

/** What the client wants, each with a tick where the vendor lets people choose. */
function wishes({ scopes, optional }: ConsentQuestion): Html {
  const fixed = scopes.filter((scope) => !optional.includes(scope))
  const ticks = optional.map(
    (scope) =>
      html`<label><input type="checkbox" name="granted_scope" value="${scope}" checked /> ${scope}</label>`,
  )
  // Without one that is always there, unticking all would look like not having been asked.
  const mark = optional.length === 0 ? [] : [html`<input type="hidden" name="granted_scope" value="" />`]
  return html`<ul>
      ${fixed.map((scope) => html`<li>${scope}</li>`)}
    </ul>
    ${mark} ${ticks}`
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

/** A form that sends itself, since a browser cannot be redirected with a body. */
export function formPostPage(address: string, fields: Record<string, string>): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  const send: Html = { html: '<script>document.forms[0].submit()</script>' }
  return page(
    'Working…',
    html`<form method="post" action="${address}">
        ${inputs}
        <noscript><button>Continue</button></noscript>
      </form>
      ${send}`,
  )
}
