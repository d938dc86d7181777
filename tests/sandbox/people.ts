import { list, object, type Call, type Json, type Played } from './played.ts'

/** What a page answered to somebody's browser. */
export interface Page {
  status: number
  location: string | null
  text: string
  headers: Headers
}

export type Form = Record<string, string | string[]>

/** The pages of one account, in the hands of a person without a mouse. */
export interface Person {
  calendar: string
  see(place?: string): Promise<Page>
  send(path: string, form: Form): Promise<Page>
  /** Posts the form of a new event; what is not said is a meeting on 5 March 2026. */
  add(form: Form): Promise<Page>
  /** Opens an event and posts its form with some fields changed. */
  edit(id: string, changes: Form): Promise<Page>
  /** The vendor's own resource of the first event, series or exception that has a title. */
  find(title: string): Promise<Json>
  /** The id of the first event, as the vendor spells it, that the page of a month shows to begin on a day. */
  occurrence(day: string): Promise<string>
  /** The same event as the vendor's own resource. */
  event(day: string): Promise<Json>
  /** Every event as its owner sees it between two days, by title and start. */
  days(from: string, to: string): Promise<string[]>
}

export const vendors = ['google', 'microsoft'] as const
export type Vendor = (typeof vendors)[number]

const eventsOf: Record<Vendor, string> = {
  google: '/calendar/v3/calendars/primary/events',
  microsoft: '/v1.0/me/events',
}
const meeting = { startDate: '2026-03-05', startTime: '09:00', endDate: '2026-03-05', endTime: '10:00' }

export async function visit(url: string, form?: Form, headers: Record<string, string> = {}): Promise<Page> {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(form ?? {}))
    for (const one of [value].flat()) body.append(name, one)
  const answer = await fetch(url, {
    redirect: 'manual',
    headers,
    ...(form === undefined ? {} : { method: 'POST', body }),
  })
  const { status, headers: got } = answer
  return { status, location: got.get('location'), text: await answer.text(), headers: got }
}

export async function personAt(
  played: Played,
  vendor: Vendor,
  email: string,
  more: Json = {},
): Promise<Person> {
  const call = await played.account(vendor, email, more)
  const root = `${played.sandbox.url}/accounts/${vendor}/${encodeURIComponent(email)}`
  const { body } = await played.control('GET', 'accounts')
  const account = list(body['items']).find((one) => one['email'] === email && one['vendor'] === vendor)
  const calendar = String(list(account?.['calendars']).find(({ primary }) => primary === true)?.['id'])
  const send: Person['send'] = (path, form) => visit(`${root}/${path}`, form)
  const occurrence: Person['occurrence'] = async (day) => {
    const { text } = await visit(`${root}?date=${day}`)
    const chips = [...text.matchAll(/data-event="([^"]*)" data-start="([^"]*)"/g)]
    const found = chips.find(([, , start]) => start?.startsWith(day))?.[1]
    if (found === undefined) throw new Error(`Nothing begins on ${day}.`)
    return found
  }
  return {
    calendar,
    see: (place = '') => visit(`${root}${place}`),
    send,
    add: (form) => send('events', { ...meeting, ...form }),
    async edit(id, changes) {
      const opened = await visit(`${root}/event?${new URLSearchParams({ calendar, id })}`)
      return send('event', { ...fieldsOf(opened.text), act: 'save', ...changes })
    },
    occurrence,
    event: async (day) => (await call('GET', `${eventsOf[vendor]}/${await occurrence(day)}`)).body,
    find: async (title) => findIn(await everything(call, vendor), vendor, title),
    days: (from, to) => days(call, vendor, from, to),
  }
}

/** The fields of the form on a page, as a browser would send them back untouched. */
export function fieldsOf(page: string): Form {
  const form: Form = {}
  for (const [tag] of page.matchAll(/<input[^>]*>/g)) {
    const [name, value] = [attribute(tag, 'name'), attribute(tag, 'value')]
    const isChoice = /type="(checkbox|radio)"/.test(tag)
    if (name === '' || (isChoice && !/ checked/.test(tag))) continue
    form[name] = name === 'days' ? [form['days'] ?? [], value].flat() : value
  }
  for (const [, name = '', inner = ''] of page.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)</g))
    form[name] = decoded(inner)
  for (const [, name = '', inner = ''] of page.matchAll(/<select name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g))
    form[name] = decoded(/value="([^"]*)"[^>]* selected/.exec(inner)?.[1] ?? '')
  return form
}

function attribute(tag: string, name: string): string {
  return decoded(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
}

function decoded(text: string): string {
  return text
    .replaceAll('&#10;', '\n')
    .replaceAll('&#13;', '\r')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

async function everything(call: Call, vendor: Vendor): Promise<Json[]> {
  if (vendor === 'google')
    return list((await call('GET', `${eventsOf.google}?maxResults=2500`)).body['items'])
  return list((await call('GET', `${eventsOf.microsoft}?$top=500`)).body['value'])
}

function findIn(events: Json[], vendor: Vendor, title: string): Json {
  const found = events.find((event) => event[vendor === 'google' ? 'summary' : 'subject'] === title)
  if (found === undefined) throw new Error(`There is no ${title}.`)
  return found
}

async function days(call: Call, vendor: Vendor, from: string, to: string): Promise<string[]> {
  if (vendor === 'google') {
    const query = `timeMin=${from}T00:00:00Z&timeMax=${to}T00:00:00Z&singleEvents=true&orderBy=startTime&timeZone=UTC`
    const { body } = await call('GET', `${eventsOf.google}?${query}`)
    return list(body['items']).map((event) => {
      const { date, dateTime } = object(event['start'])
      return `${String(event['summary'])} ${String(date ?? dateTime).slice(0, 16)}`
    })
  }
  const query = `startDateTime=${from}T00:00:00Z&endDateTime=${to}T00:00:00Z&$orderby=start/dateTime&$top=500`
  const { body } = await call('GET', `/v1.0/me/calendarView?${query}`)
  return list(body['value']).map((event) => {
    const start = String(object(event['start'])['dateTime'])
    return `${String(event['subject'])} ${start.slice(0, event['isAllDay'] === true ? 10 : 16)}`
  })
}
