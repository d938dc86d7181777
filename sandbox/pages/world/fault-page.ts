import { allAccounts } from '../../accounts.ts'
import { faultKinds, type Fault, type FaultKind } from '../../faults.ts'
import type { World } from '../../world.ts'
import { problemBox, selectField } from '../frame.ts'
import { html, nothing, type Html } from '../html.ts'
import { counted, vendorNames } from '../words.ts'
import { presets, type Whom } from './fault-presets.ts'
import { describeFault, detailsOf, kindWords } from './fault-words.ts'

/** The fields that say more about a fault of a kind. */
export const kindFields: Record<FaultKind, string[]> = {
  error: ['status', 'code', 'message', 'retryAfter', 'form'],
  responseLost: [],
  reset: [],
  latency: ['ms', 'when'],
  truncatedBody: ['cut'],
  slowBody: ['ms'],
  dropNotification: [],
  doubleNotification: [],
  delayNotification: ['ms'],
  reorderNotification: ['ms'],
  forgeNotification: [],
  tokenRevoked: [],
  accessTokenExpired: [],
  consentReduced: ['scopes'],
  calendarRemoved: ['calendar'],
  accountRenamed: ['to'],
  mailboxMoved: ['ids'],
  cursorInvalidated: [],
}
export const aimFields = ['method', 'path', 'nth', 'times', 'probability']

export interface FaultView {
  whom: Whom
  typed: Record<string, string>
  problem: string | null
}

/** What goes wrong now, and what else could. */
export function faultPage(world: World, view: FaultView): Html {
  return html`<h1 class="page-title">Faults</h1>
    <p class="note">
      What goes wrong between an app and the vendors. What you do on the accounts’ own pages is spared.
    </p>
    ${view.problem === null ? nothing : problemBox(view.problem)} ${faultList(world)}
    <div class="cards two">${presetCard(world, view)} ${ownCard(world, view)}</div>`
}

function faultList(world: World): Html {
  const faults = world.faults.list()
  return html`<section class="card" aria-labelledby="now-wrong">
    <h2 id="now-wrong">Going wrong now</h2>
    <div id="faults" data-live>
      ${
        faults.length === 0
          ? html`<p class="note">Nothing. Everything works as the vendors promise.</p>`
          : html`<ul class="rows">
                ${faults.map((fault) => faultRow(fault))}
              </ul>
              <form method="post" action="/faults/remove" class="buttons">
                <button id="remove-all" name="id" value="all">Remove all</button>
              </form>`
      }
    </div>
  </section>`
}

function faultRow(fault: Fault): Html {
  const { id, kind, seen, fired, times } = fault
  const isOver = times !== 'always' && fired >= times
  const details = detailsOf(fault)
  return html`<li class="${isOver ? 'over' : ''}">
    <div>
      <b>${kindWords[kind].name}</b>${details === '' ? nothing : html` <code>${details}</code>`}
      <p class="note">${describeFault(fault)}</p>
    </div>
    <p>
      <span class="badge ${isOver ? '' : 'fair'}"
        >${times === 'always' ? `fired ${fired}, goes on` : `fired ${fired} of ${times}`}</span
      >
      <small class="note">${counted(seen, 'matching call')}</small>
    </p>
    <form method="post" action="/faults/remove">
      <button
        class="quiet"
        id="remove-${id}"
        name="id"
        value="${id}"
        aria-label="Remove ${kindWords[kind].name}, ${id}"
      >
        Remove
      </button>
    </form>
  </li>`
}

/** Whom: all, one vendor, or one account. */
function whomField(world: World, id: string, { vendor, account }: Whom): Html {
  const choices = [
    { value: '', label: 'All accounts' },
    { value: 'google', label: 'All Google accounts' },
    { value: 'microsoft', label: 'All Microsoft accounts' },
    ...allAccounts(world).map((one) => ({
      value: `${one.vendor} ${one.email}`,
      label: `${one.email} (${vendorNames[one.vendor]})`,
    })),
  ]
  return selectField('whom', choices, [vendor ?? '', account ?? ''].join(' ').trim(), id)
}

function presetCard(world: World, { whom }: FaultView): Html {
  return html`<section class="card" aria-labelledby="presets">
    <h2 id="presets">With one press</h2>
    <form method="post" action="/faults/preset" class="stack">
      <p>
        <label for="preset-whom">For whom</label>
        ${whomField(world, 'preset-whom', whom)}
      </p>
      <div class="presets">
        ${presets.map(
          ({ name, label }) =>
            html`<button id="preset-${name}" name="preset" value="${name}">${label}</button>`,
        )}
      </div>
    </form>
  </section>`
}

function ownCard(world: World, { whom, typed }: FaultView): Html {
  const kind = typed['kind'] ?? 'error'
  const kinds = faultKinds.map((one) => ({ value: one, label: kindWords[one].name }))
  return html`<section class="card" aria-labelledby="own-fault">
    <h2 id="own-fault">One of your own</h2>
    <form method="post" action="/faults" class="stack fault-form" id="fault-form">
      <p>
        <label for="kind">What</label>
        ${selectField('kind', kinds, kind)}
      </p>
      <div class="does">
        ${faultKinds.map((one) => html`<p class="note for-${one}">${kindWords[one].does}</p>`)}
      </div>
      <p>
        <label for="whom">For whom</label>
        ${whomField(world, 'whom', whom)}
      </p>
      <div class="row">
        ${field(typed, 'status', 'Status', '500', 'number')}
        ${field(typed, 'code', 'Reason or code', 'the usual one')}
        ${field(typed, 'retryAfter', 'Try again after (s)', 'not said', 'number')}
        ${field(typed, 'message', 'Message', 'the usual one')}
        ${choice(typed, 'form', 'Who answers', [
          ['', 'the calendar itself'],
          ['frontEnd', 'Google’s front end'],
          ['html', 'a gateway, in HTML'],
        ])}
        ${field(typed, 'ms', 'Milliseconds', '1000', 'number')}
        ${choice(typed, 'when', 'When', [
          ['before', 'before the work'],
          ['after', 'after the work'],
        ])}
        ${choice(typed, 'cut', 'Where', [
          ['connection', 'the connection breaks'],
          ['json', 'the JSON breaks'],
        ])}
      </div>
      <div class="row">
        ${choice(typed, 'method', 'Only calls that', [
          ['', 'do anything'],
          ['GET', 'read (GET)'],
          ['POST', 'make (POST)'],
          ['PATCH', 'change (PATCH)'],
          ['PUT', 'replace (PUT)'],
          ['DELETE', 'delete (DELETE)'],
        ])}
        ${field(typed, 'path', 'Address has', '/events')}
      </div>
      <div class="row">
        ${field(typed, 'times', 'How often', '1, or always')}
        ${field(typed, 'nth', 'From which call on', '1', 'number')}
        ${field(typed, 'probability', 'Chance, 0 to 1', '1')}
      </div>
      <button class="primary" id="add-fault">Let it go wrong</button>
    </form>
  </section>`
}

function field(
  typed: Record<string, string>,
  name: string,
  label: string,
  placeholder: string,
  type = 'text',
): Html {
  return html`<p class="field-${name}">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${typed[name] ?? ''}"
      placeholder="${placeholder}"
      autocomplete="off"
    />
  </p>`
}

function choice(
  typed: Record<string, string>,
  name: string,
  label: string,
  choices: [string, string][],
): Html {
  const options = choices.map(([value, text]) => ({ value, label: text }))
  return html`<p class="field-${name}">
    <label for="${name}">${label}</label>
    ${selectField(name, options, typed[name] ?? choices[0]?.[0] ?? '')}
  </p>`
}
