import type { Account } from '../../accounts.ts'
import { textOf, textsOf, type JsonObject } from '../../json.ts'
import { isDate } from '../../zones.ts'

export const views = ['month', 'week', 'list'] as const
export type View = (typeof views)[number]

/** Where somebody is in an account's calendars; all of it stands in the address. */
export interface Place {
  view: View
  /** A day of the month or week that is shown. */
  date: string
  /** Calendars that are not shown, by id. */
  off: string[]
  /** Words that listed events have. */
  search: string
}

/** The place an address or a form names; what is missing or nonsense is today's month. */
export function readPlace(query: JsonObject, today: string): Place {
  const date = textOf(query['date']) ?? ''
  return {
    view: views.find((view) => view === query['view']) ?? 'month',
    date: isDate(date) && date > '1900' && date < '2200' ? date : today,
    off: textsOf(query['off']),
    search: textOf(query['search']) ?? '',
  }
}

export function accountPath(account: Pick<Account, 'vendor' | 'email'>): string {
  return `/accounts/${account.vendor}/${encodeURIComponent(account.email)}`
}

/** The address of a place in an account's calendars, or of another page about them that leads back there. */
export function placeLink(
  account: Pick<Account, 'vendor' | 'email'>,
  place: Place,
  more: { page?: string; parameters?: Record<string, string> } = {},
): string {
  const query = new URLSearchParams({ view: place.view, date: place.date })
  for (const id of place.off) query.append('off', id)
  if (place.search !== '') query.set('search', place.search)
  for (const [name, value] of Object.entries(more.parameters ?? {})) query.set(name, value)
  return `${accountPath(account)}${more.page ?? ''}?${query}`
}
