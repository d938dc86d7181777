import type { Account } from '../../accounts.ts'
import type { World } from '../../world.ts'
import type { Log } from '../../log.ts'
import { html, type Html } from '../html.ts'

const linesMax = 4

/** The last web hooks and API calls of an account: what the calendar's changes set off. */
export function lately(world: World, account: Account): Html {
  const isOfAccount = (record: { vendor: string; account: string | null }): boolean =>
    record.vendor === account.vendor && record.account === account.email
  const hooks = newest(world.delivery.log, isOfAccount, linesMax).map(
    ({ record: { at, kind, status, dropped } }) =>
      html`<li><time>${at.slice(11, 19)}</time> ${kind} ${outcome(status, dropped)}</li>`,
  )
  const calls = newest(world.requests, isOfAccount, linesMax).map(
    ({ record: { at, method, path, status } }) =>
      html`<li>
        <time>${at.slice(11, 19)}</time> ${method} <span class="path">${path.split('/').at(-1) ?? ''}</span>
        ${outcome(status, false)}
      </li>`,
  )
  const query = `vendor=${account.vendor}&account=${encodeURIComponent(account.email)}`
  return html`<div class="lately" id="lately" data-live>
    <h2><a id="all-notifications" href="/notifications?${query}">Web hooks</a></h2>
    <ul>
      ${hooks.length === 0 ? html`<li class="note">None yet</li>` : hooks}
    </ul>
    <h2><a id="all-requests" href="/requests?${query}">API calls</a></h2>
    <ul>
      ${calls.length === 0 ? html`<li class="note">None yet</li>` : calls}
    </ul>
  </div>`
}

/** The newest lines of a log that are meant, as many as fit. */
export function newest<T>(
  log: Log<T>,
  isMeant: (record: T) => boolean,
  most: number,
): { number: number; record: T }[] {
  const found: { number: number; record: T }[] = []
  for (const line of log.newest()) {
    if (found.length === most) break
    if (isMeant(line.record)) found.push(line)
  }
  return found
}

/** The status of an answer as a badge: good, bad, or none at all. */
export function outcome(status: number | null, dropped: boolean): Html {
  if (dropped) return html`<span class="badge bad">dropped</span>`
  if (status === null) return html`<span class="badge bad">no answer</span>`
  const look = status < 300 ? 'good' : status < 500 ? 'fair' : 'bad'
  return html`<span class="badge ${look}">${status}</span>`
}
