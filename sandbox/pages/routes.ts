import type { FastifyInstance, FastifyReply } from 'fastify'
import { allAccounts, findAccount, primaryOf, type Account } from '../accounts.ts'
import { currentEvents } from '../control/current-events.ts'
import { ControlError } from '../control/errors.ts'
import { announce } from '../google/channels.ts'
import { deleteEvent as deleteInGoogle, insertEvent } from '../google/write.ts'
import type { JsonObject } from '../json.ts'
import { announceChange as announceMicrosoft } from '../microsoft/notifications.ts'
import { findEvent } from '../microsoft/store.ts'
import { createEvent, deleteEvent as deleteInMicrosoft } from '../microsoft/write.ts'
import { parametersOf } from '../oauth/authorize.ts'
import { vendorNames } from '../oauth/consent-page.ts'
import { isVendor } from '../state.ts'
import type { World } from '../world.ts'
import { html, page, type Html } from './html.ts'

type OfAccount = { Params: { vendor: string; email: string } }

/** Pages on which a person plays the owner of an account: look, add, delete. */
export function pageRoutes(app: FastifyInstance, world: World): void {
  app.get('/', (_request, reply) => sendPage(reply, homePage(world)))

  app.get<OfAccount>('/accounts/:vendor/:email', (request, reply) =>
    sendPage(reply, accountPage(accountOf(world, request.params))),
  )

  app.post<OfAccount>('/accounts/:vendor/:email/events', (request, reply) => {
    const account = accountOf(world, request.params)
    addEvent(world, account, parametersOf(request.body))
    return reply.redirect(linkOf(account), 303)
  })

  app.post<OfAccount>('/accounts/:vendor/:email/delete', (request, reply) => {
    const account = accountOf(world, request.params)
    removeEvent(world, account, parametersOf(request.body))
    return reply.redirect(linkOf(account), 303)
  })
}

function homePage(world: World): string {
  const rows = allAccounts(world).map(
    (account) =>
      html`<tr>
        <td>${vendorNames[account.vendor]}</td>
        <td><a href="${linkOf(account)}">${account.email}</a></td>
        <td>${currentEvents(account, undefined).length}</td>
      </tr>`,
  )
  return page(
    'Sandbox',
    html`<h1>Sandbox</h1>
      <p class="note">Google Calendar and Microsoft Outlook, played on this machine.</p>
      <table>
        <tr>
          <th>Vendor</th>
          <th>Account</th>
          <th>Events</th>
        </tr>
        ${rows}
      </table>`,
  )
}

function accountPage(account: Account): string {
  const calendars = [...account.calendars.values()]
  const sections = calendars.map((calendar) => {
    const rows = currentEvents(account, calendar.id)
      .toSorted((a, b) => (text(a['start']) < text(b['start']) ? -1 : 1))
      .slice(0, 500)
      .map((event) => eventRow(account, calendar.id, event))
    return html`<h2>${calendar.name}</h2>
      <form method="post" action="${linkOf(account)}/events">
        <input type="hidden" name="calendar" value="${calendar.id}" />
        <input name="title" placeholder="Title" required />
        <input type="datetime-local" name="start" required /> to
        <input type="datetime-local" name="end" required />
        <label class="inline"><input type="checkbox" name="allDay" value="yes" /> all day</label>
        <button>Add event</button> <span class="note">${calendar.timeZone}</span>
      </form>
      <table>
        <tr>
          <th>Title</th>
          <th>Start</th>
          <th>End</th>
          <th></th>
        </tr>
        ${rows}
      </table>`
  })
  return page(
    `${vendorNames[account.vendor]}: ${account.email}`,
    html`<p><a href="/">All accounts</a></p>
      <h1>${vendorNames[account.vendor]} <small>${account.email}</small></h1>
      ${sections}`,
  )
}

function eventRow(account: Account, calendarId: string, event: JsonObject): Html {
  const series = event['recurrence'] === undefined ? '' : ' (series)'
  return html`<tr>
    <td>${text(event['title'])}${series}</td>
    <td>${text(event['start'])}</td>
    <td>${text(event['end'])}</td>
    <td>
      <form class="inline" method="post" action="${linkOf(account)}/delete">
        <input type="hidden" name="calendar" value="${calendarId}" /><input
          type="hidden"
          name="id"
          value="${text(event['id'])}"
        /><button>Delete</button>
      </form>
    </td>
  </tr>`
}

function addEvent(world: World, account: Account, form: Record<string, string>): void {
  const isAllDay = form['allDay'] === 'yes'
  const [start = '', end = ''] = [form['start'], form['end']]
  const title = form['title'] ?? ''
  if (account.vendor === 'google') {
    const calendar = account.calendars.get(form['calendar'] ?? '') ?? primaryOf(account)
    if (calendar === undefined) throw new ControlError(404, 'There is no such calendar.')
    const time = (value: string): JsonObject =>
      isAllDay ? { date: value.slice(0, 10) } : { dateTime: value, timeZone: calendar.timeZone }
    insertEvent({ world, account, calendar }, { summary: title, start: time(start), end: time(end) })
    announce(world, 'events', calendar.id)
    return
  }
  const calendar = account.calendars.get(form['calendar'] ?? '') ?? primaryOf(account)
  if (calendar === undefined) throw new ControlError(404, 'There is no such calendar.')
  const time = (value: string): JsonObject => ({
    dateTime: isAllDay ? `${value.slice(0, 10)}T00:00:00` : value,
    timeZone: calendar.timeZone,
  })
  const preferences = { zone: undefined, immutableIds: false, textBodies: false, pageSize: undefined }
  const body = { subject: title, isAllDay, start: time(start), end: time(end) }
  const event = createEvent({ world, account }, calendar, body, preferences)
  announceMicrosoft(world, account, calendar.id, 'created', event)
}

function removeEvent(world: World, account: Account, form: Record<string, string>): void {
  const id = form['id'] ?? ''
  if (account.vendor === 'google') {
    const calendar = account.calendars.get(form['calendar'] ?? '')
    if (calendar === undefined) throw new ControlError(404, 'There is no such calendar.')
    deleteInGoogle({ world, account, calendar }, id, undefined)
    announce(world, 'events', calendar.id)
    return
  }
  const found = findEvent(account, id)
  deleteInMicrosoft({ world, account }, found, undefined)
  announceMicrosoft(world, account, found.calendar.id, 'deleted', found.event)
}

function accountOf(world: World, { vendor, email }: { vendor: string; email: string }): Account {
  const account = isVendor(vendor) ? findAccount(world, vendor, email) : undefined
  if (account === undefined) throw new ControlError(404, `There is no account ${email}.`)
  return account
}

function linkOf(account: Account): string {
  return `/accounts/${account.vendor}/${encodeURIComponent(account.email)}`
}

function sendPage(reply: FastifyReply, body: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(body)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
