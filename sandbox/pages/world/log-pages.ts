import { allAccounts } from '../../accounts.ts'
import type { NotificationRecord } from '../../delivery.ts'
import { isVendor } from '../../state.ts'
import type { Mail, RequestRecord, World } from '../../world.ts'
import { newest, outcome } from '../calendar/lately.ts'
import { colouredJson, pretty } from '../calendar/coloured-json.ts'
import { selectField } from '../frame.ts'
import { html, nothing, type Html } from '../html.ts'
import { instantInWords, vendorNames } from '../words.ts'
import { kindWords } from './fault-words.ts'

const rowsMax = 200

/** Which lines of a log somebody wants to see. */
export interface LogFilter {
  vendor: string
  account: string
  method: string
  path: string
}

type Line = { vendor: string; account: string | null }

/** The calls that apps made, the newest first. */
export function requestsPage(world: World, filter: LogFilter): Html {
  const found = newest(
    world.requests,
    (line) =>
      isMeant(line, filter) &&
      (filter.method === '' || line.method === filter.method.toUpperCase()) &&
      line.path.includes(filter.path),
    rowsMax,
  )
  const more = html`<p>
      <label for="method">Method</label>
      ${selectField(
        'method',
        ['', 'GET', 'POST', 'PATCH', 'PUT', 'DELETE'].map((value) => ({
          value,
          label: value === '' ? 'Any' : value,
        })),
        filter.method.toUpperCase(),
      )}
    </p>
    <p>
      <label for="path">Address has</label>
      <input id="path" name="path" value="${filter.path}" placeholder="/events" autocomplete="off" />
    </p>`
  return html`<h1 class="page-title">Requests</h1>
    <p class="note">
      What apps asked of the vendors. What you do on the accounts’ own pages is not among it.
    </p>
    ${filterForm(world, '/requests', filter, more)}
    ${logTable('requests', ['Time', 'Account', 'Call', 'Answer'], found, requestRow)}
    <form method="post" action="/requests/forget" class="buttons">
      <button class="quiet" id="forget-requests">Forget them</button>
    </form>`
}

/** The web hooks the vendors sent, the newest first. */
export function notificationsPage(world: World, filter: LogFilter): Html {
  const found = newest(world.delivery.log, (line) => isMeant(line, filter), rowsMax)
  return html`<h1 class="page-title">Notifications</h1>
    <p class="note">
      Web hooks that the vendors sent, and what came back. Each repetition is a line of its own.
    </p>
    ${filterForm(world, '/notifications', filter, nothing)}
    ${logTable('notifications', ['Time', 'Account', 'Web hook', 'Answer'], found, notificationRow)}
    ${openChannels(world, filter)}`
}

/** The mail the vendors would have sent, the newest first. */
export function mailPage(world: World, filter: LogFilter): Html {
  const found = newest(world.mail, (line) => isMeant(line, filter), rowsMax)
  return html`<h1 class="page-title">Mail</h1>
    <p class="note">Mail that the vendors would have sent to guests. Nothing leaves this machine.</p>
    ${filterForm(world, '/mail', filter, nothing)}
    ${logTable('mail', ['Time', 'From', 'Mail', 'To'], found, mailRow)}`
}

function isMeant(line: Line, { vendor, account }: LogFilter): boolean {
  return (
    (!isVendor(vendor) || line.vendor === vendor) &&
    (account === '' || line.account === account.toLowerCase())
  )
}

function filterForm(world: World, action: string, filter: LogFilter, more: Html): Html {
  const accounts = [...new Set(allAccounts(world).map(({ email }) => email))]
  return html`<form class="filter" method="get" action="${action}" aria-label="Which lines">
    <p>
      <label for="vendor">Vendor</label>
      ${selectField(
        'vendor',
        [
          { value: '', label: 'Both' },
          { value: 'google', label: 'Google' },
          { value: 'microsoft', label: 'Microsoft' },
        ],
        filter.vendor,
      )}
    </p>
    <p>
      <label for="account">Account</label>
      ${selectField(
        'account',
        [{ value: '', label: 'All' }, ...accounts.map((email) => ({ value: email, label: email }))],
        filter.account.toLowerCase(),
      )}
    </p>
    ${more}
    <button id="filter">Show</button>
  </form>`
}

function logTable<T>(
  name: string,
  heads: string[],
  found: { number: number; record: T }[],
  row: (line: T, number: number) => Html,
): Html {
  const rows = found.map(({ record, number }) => row(record, number))
  return html`<section class="card log" id="${name}" data-live>
    ${found.length < rowsMax ? nothing : html`<p class="note">The newest ${rowsMax}</p>`}
    <div class="table" tabindex="0" role="region" aria-label="Log" id="${name}-table">
      <table>
        <thead>
          <tr>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${
            rows.length === 0
              ? html`<tr>
                  <td colspan="${heads.length}" class="note">Nothing yet</td>
                </tr>`
              : rows
          }
        </tbody>
      </table>
    </div>
  </section>`
}

function requestRow(
  { at, vendor, account, method, path, query, status }: RequestRecord,
  index: number,
): Html {
  const asked = Object.keys(query).length === 0 ? '' : JSON.stringify(query, null, 2)
  return html`<tr>
    <td>${when(at)}</td>
    <td>${whose(vendor, account)}</td>
    <td><b>${method}</b> <code class="path">${path}</code>${folded(`request-${index}`, 'Query', asked)}</td>
    <td>${outcome(status, false)}</td>
  </tr>`
}

function notificationRow(record: NotificationRecord, index: number): Html {
  const { at, vendor, account, kind, address, attempt, status, dropped, troubles, headers, body } = record
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const whole = [...sent, '', pretty(body)].join('\n').trim()
  return html`<tr>
    <td>${when(at)}</td>
    <td>${whose(vendor, account)}</td>
    <td>
      <b>${kind}</b>
      <code class="path">${address}</code>
      ${attempt > 1 ? html`<small class="note">try ${attempt}</small>` : nothing}
      ${troubles.map((trouble) => html`<span class="badge fair">${kindWords[trouble].name}</span>`)}
      ${folded(`notification-${index}`, 'What was sent', whole)}
    </td>
    <td>${outcome(status, dropped)}</td>
  </tr>`
}

function mailRow({ at, vendor, account, kind, to, subject }: Mail): Html {
  return html`<tr>
    <td>${when(at)}</td>
    <td>${whose(vendor, account)}</td>
    <td><span class="badge">${kind}</span> ${subject}</td>
    <td>${to.join(', ')}</td>
  </tr>`
}

/** Who listens just now, and until when. */
function openChannels(world: World, filter: LogFilter): Html {
  const channels = [...world.state.channels.values()].map((one) => ({ ...one, vendor: 'google' as const }))
  const subscriptions = [...world.state.subscriptions.values()].map((one) => ({
    ...one,
    vendor: 'microsoft' as const,
    address: one.notificationUrl,
  }))
  const open = [...channels, ...subscriptions].filter(({ vendor, email }) =>
    isMeant({ vendor, account: email }, filter),
  )
  const rows = open.map(
    ({ vendor, email, address, expiresAtMs }) =>
      html`<tr>
        <td>${whose(vendor, email)}</td>
        <td><code class="path">${address}</code></td>
        <td>${instantInWords(expiresAtMs)} UTC</td>
      </tr>`,
  )
  return html`<section class="card log" id="listeners" data-live>
    <h2>Who listens</h2>
    <div class="table" tabindex="0" role="region" aria-label="Who listens" id="listeners-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Address</th>
            <th scope="col">Until</th>
          </tr>
        </thead>
        <tbody>
          ${
            rows.length === 0
              ? html`<tr>
                  <td colspan="3" class="note">Nobody</td>
                </tr>`
              : rows
          }
        </tbody>
      </table>
    </div>
  </section>`
}

function when(at: string): Html {
  return html`<time datetime="${at}" title="${at}"
    >${at.slice(11, 19)}<small class="note">${at.slice(19, 23)}</small></time
  >`
}

function whose(vendor: string, account: string | null): Html {
  const name = isVendor(vendor) ? vendorNames[vendor] : vendor
  return html`<span class="vendor-${vendor}"><i class="vendor-dot" aria-hidden="true"></i>${name}</span>
    <span class="note">${account ?? 'nobody’s token'}</span>`
}

function folded(id: string, label: string, text: string): Html {
  if (text === '') return nothing
  return html`<details>
    <summary id="${id}">${label}</summary>
    <pre class="json">${colouredJson(text)}</pre>
  </details>`
}
