import { allAccounts, type Account } from '../../accounts.ts'
import type { Vendor } from '../../state.ts'
import { nowOf, type World } from '../../world.ts'
import { accountPath } from '../calendar/place.ts'
import { problemBox, selectField } from '../frame.ts'
import { html, nothing, type Html } from '../html.ts'
import { icons } from '../icons.ts'
import { calendarNames, counted, instantInWords } from '../words.ts'

/** What was typed into a form of the home page that could not be followed. */
export interface HomeProblem {
  message: string
  typed: Record<string, string>
}

/** The world at a glance: its accounts, its clock, and what can be done with all of it. */
export function homePage(world: World, problem: HomeProblem | null): Html {
  return html`<h1 class="page-title">Sandbox</h1>
    <p class="note">
      Google Calendar and Microsoft Outlook, played on this machine. Nothing here reaches a real calendar.
    </p>
    ${problem === null ? nothing : problemBox(problem.message)}
    <div class="cards">
      <div class="column">${vendorCard(world, 'google')} ${vendorCard(world, 'microsoft')}</div>
      <div class="column">${accountCard(problem)}</div>
      <div class="column">${clockCard(world)} ${worldCard(world)}</div>
    </div>`
}

function vendorCard(world: World, vendor: Vendor): Html {
  const accounts = allAccounts(world).filter((account) => account.vendor === vendor)
  return html`<section class="card accounts vendor-${vendor}" aria-labelledby="accounts-${vendor}">
    <h2 id="accounts-${vendor}">${calendarNames[vendor]}</h2>
    <ul id="list-${vendor}" data-live>
      ${
        accounts.length === 0
          ? html`<li class="note">No account yet</li>`
          : accounts.map((account, index) => accountRow(account, index))
      }
    </ul>
  </section>`
}

function accountRow(account: Account, index: number): Html {
  const names = [...account.calendars.values()].map(({ name, primary, log }) => {
    const live = [...log.entries.values()].filter(({ event }) => isLive(event)).length
    return html`<span class="note">${primary ? 'main calendar' : name}: ${counted(live, 'event')}</span>`
  })
  return html`<li>
    <a id="account-${account.vendor}-${index + 1}" href="${accountPath(account)}">
      <span class="avatar" aria-hidden="true">${account.email.slice(0, 1).toUpperCase()}</span>
      <span><b>${account.email}</b> ${names}</span>
    </a>
  </li>`
}

function isLive(event: { status?: string; isDeleted?: boolean }): boolean {
  return event.status !== 'cancelled' && event.isDeleted !== true
}

function accountCard(problem: HomeProblem | null): Html {
  const typed = problem?.typed ?? {}
  return html`<section class="card" aria-labelledby="make-account">
    <h2 id="make-account">Make an account</h2>
    <form method="post" action="/accounts" class="stack">
      <p>
        <label for="vendor">Vendor</label>
        ${selectField(
          'vendor',
          [
            { value: 'google', label: 'Google' },
            { value: 'microsoft', label: 'Microsoft' },
          ],
          typed['vendor'] ?? 'google',
        )}
      </p>
      <p>
        <label for="email">Email address</label>
        <input
          id="email"
          name="email"
          value="${typed['email'] ?? ''}"
          autocomplete="off"
          placeholder="ada@example.com"
        />
      </p>
      <p>
        <label for="timeZone">Time zone</label>
        <input
          id="timeZone"
          name="timeZone"
          value="${typed['timeZone'] ?? ''}"
          placeholder="Europe/Berlin"
          list="zones"
          autocomplete="off"
        />
        <datalist id="zones">
          ${Intl.supportedValuesOf('timeZone').map((zone) => html`<option value="${zone}"></option>`)}
        </datalist>
      </p>
      <p>
        <label for="calendars">More calendars <small class="note">names, with commas between</small></label>
        <input
          id="calendars"
          name="calendars"
          value="${typed['calendars'] ?? ''}"
          autocomplete="off"
          placeholder="Team, Home"
        />
      </p>
      <button class="primary" id="make">${icons.add} Make the account</button>
    </form>
  </section>`
}

const steps = [
  { advance: 'PT1M', label: '1 minute' },
  { advance: 'PT1H', label: '1 hour' },
  { advance: 'P1D', label: '1 day' },
  { advance: 'P7D', label: '1 week' },
  { advance: 'P30D', label: '30 days' },
]

function clockCard(world: World): Html {
  const now = nowOf(world)
  const isFrozen = world.clock.isFrozen()
  return html`<section class="card" id="clock" aria-labelledby="clock-title">
    <h2 id="clock-title">Clock</h2>
    <p class="time" id="clock-now" data-live>
      ${instantInWords(now)} UTC ${isFrozen ? html`<span class="badge fair">stands still</span>` : nothing}
    </p>
    <p class="note">
      Tokens, sync tokens, channels and subscriptions age by it; whatever waits, waits for it.
    </p>
    <form method="post" action="/clock" class="buttons" aria-label="Move the clock">
      <span>Move on by</span>
      ${steps.map(
        ({ advance, label }) =>
          html`<button id="advance-${advance}" name="advance" value="${advance}">${label}</button>`,
      )}
    </form>
    <form method="post" action="/clock" class="row">
      <p>
        <label for="now">Set it to <small class="note">UTC</small></label>
        <input
          type="datetime-local"
          id="now"
          name="now"
          value="${new Date(now).toISOString().slice(0, 16)}"
        />
      </p>
      <button id="set-clock">Set</button>
    </form>
    <form method="post" action="/clock" class="buttons">
      <button id="freeze" name="frozen" value="${isFrozen ? 'false' : 'true'}">
        ${isFrozen ? 'Let it run again' : 'Let it stand still'}
      </button>
      <button id="real-time" name="real" value="yes">Set it to this machine’s time</button>
    </form>
  </section>`
}

function worldCard(world: World): Html {
  const snapshots = [...world.snapshots.keys()].toReversed()
  const restores = snapshots.map(
    (id) =>
      html`<li>
        <form method="post" action="/restore" class="buttons">
          <input type="hidden" name="id" value="${id}" /><button id="restore-${id}">Go back to ${id}</button>
        </form>
      </li>`,
  )
  return html`<section class="card" aria-labelledby="world">
    <h2 id="world">The whole world</h2>
    <p class="note">
      A snapshot keeps accounts, events, consents and the clock, to go back to. Logs and faults go on.
    </p>
    <form method="post" action="/snapshot" class="buttons">
      <button id="snapshot">Take a snapshot</button>
    </form>
    <ul class="plain">
      ${restores}
    </ul>
    <details>
      <summary id="about-reset">Forget everything</summary>
      <p>Every account, event, consent, fault, snapshot and log goes. It cannot be undone.</p>
      <form method="post" action="/reset" class="buttons">
        <button class="danger" id="reset">Forget everything</button>
      </form>
    </details>
  </section>`
}
