import type { Fault, FaultKind } from '../../faults.ts'
import { vendorNames } from '../words.ts'

/** What each kind of fault does, in a sentence that goes on with "the next call …". */
export const kindWords: Record<FaultKind, { name: string; does: string }> = {
  error: { name: 'Error', does: 'The vendor answers with an error and does nothing.' },
  responseLost: {
    name: 'Answer lost',
    does: 'The work is done, but the connection ends before the answer comes.',
  },
  reset: { name: 'Connection dropped', does: 'The connection ends before anything is done.' },
  latency: { name: 'Slow', does: 'The vendor takes its time.' },
  truncatedBody: { name: 'Answer cut off', does: 'The answer breaks off in its middle.' },
  slowBody: { name: 'Answer trickles', does: 'The bytes of the answer come slowly.' },
  dropNotification: { name: 'Web hook dropped', does: 'A notification never arrives.' },
  doubleNotification: { name: 'Web hook doubled', does: 'A notification arrives twice.' },
  delayNotification: { name: 'Web hook late', does: 'A notification arrives later.' },
  reorderNotification: { name: 'Web hook overtaken', does: 'A notification arrives after the next one.' },
  forgeNotification: {
    name: 'Web hook forged',
    does: 'Somebody else sends a notification with a wrong secret.',
  },
  tokenRevoked: { name: 'Access revoked', does: 'The person takes back all that any app was allowed.' },
  accessTokenExpired: { name: 'Token expired', does: 'The access token is over; a refresh brings another.' },
  consentReduced: { name: 'Consent reduced', does: 'The person leaves apps some of their scopes only.' },
  calendarRemoved: { name: 'Calendar gone', does: 'A calendar is removed with its events.' },
  accountRenamed: { name: 'Account renamed', does: 'The account has another address from then on.' },
  mailboxMoved: { name: 'Mailbox moved', does: 'The ids of a Microsoft mailbox change.' },
  cursorInvalidated: { name: 'Cursor lost', does: 'Sync tokens and delta links lead nowhere any more.' },
}

/** Whom a fault is for: "for all Google accounts, only POST, where the address has /events". */
export function describeFault(fault: Fault): string {
  const at = fault.vendor === undefined ? '' : vendorNames[fault.vendor]
  const whom =
    fault.account === undefined
      ? `for all ${at} accounts`.replace('  ', ' ')
      : `for ${fault.account}${at === '' ? '' : ` at ${at}`}`
  const what = fault.method === undefined ? '' : `, only ${fault.method}`
  const where = fault.path === undefined ? '' : `, where the address has “${fault.path}”`
  const from = fault.nth === 1 ? '' : `, from such call number ${fault.nth} on`
  const chance =
    fault.probability >= 1 ? '' : `, with a chance of ${Math.round(fault.probability * 100)} in 100`
  return `${whom}${what}${where}${from}${chance}`
}

/** What is particular to a fault of its kind: a status, a time. */
export function detailsOf(fault: Fault): string {
  switch (fault.kind) {
    case 'error': {
      const retry = fault.retryAfter === undefined ? '' : `, try again after ${fault.retryAfter} s`
      return `${fault.status ?? 500} ${fault.code ?? ''}`.trim() + retry
    }
    case 'latency':
      return `${fault.ms} ms ${fault.when} the work`
    case 'slowBody':
    case 'delayNotification':
    case 'reorderNotification':
      return `${fault.ms} ms`
    case 'truncatedBody':
      return fault.cut === 'json' ? 'in the JSON' : 'by the connection'
    case 'responseLost':
    case 'reset':
    case 'dropNotification':
    case 'doubleNotification':
    case 'forgeNotification':
    case 'tokenRevoked':
    case 'accessTokenExpired':
    case 'cursorInvalidated':
      return ''
    case 'consentReduced':
      return `left are ${fault.scopes.join(' ')}`
    case 'calendarRemoved':
      return fault.calendar
    case 'accountRenamed':
      return `to ${fault.to}`
    case 'mailboxMoved':
      return fault.ids === 'all' ? 'with all ids' : 'with the default ids'
  }
}
