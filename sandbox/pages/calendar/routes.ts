import type { FastifyInstance, FastifyReply } from 'fastify'
import { textOf, type JsonObject } from '../../json.ts'
import { isDate, isWallTime, wallTimeOf } from '../../zones.ts'
import { nowOf, type World } from '../../world.ts'
import { Refusal, type Ask } from '../ask.ts'
import { sendPage, sitePage } from '../frame.ts'
import { html, type Html } from '../html.ts'
import { calendarNames, vendorNames } from '../words.ts'
import { apiPage } from './api-page.ts'
import { pretty } from './coloured-json.ts'
import { calendarPage, sceneOf } from './calendar-page.ts'
import { changesOf, draftOf, readStood, readTyped, typedOf, writeStood, type Typed } from './event-form.ts'
import { formView, type FormView } from './form-view.ts'
import { newTyped } from './new-event.ts'
import { moveView } from './move-view.ts'
import type { Answer, Opened } from './owner.ts'
import { accountPath, placeLink } from './place.ts'
import type { Times } from './times.ts'
import { visitOf, type OfAccount, type Request, type Visit } from './visit.ts'

/** An account's calendars and the form of an event: what its owner sees and does at the vendor's own screen. */
export function calendarRoutes(app: FastifyInstance, world: World, ask: Ask): void {
  const root = '/accounts/:vendor/:email'
  const visit = (request: Request): Promise<Visit> => visitOf(world, ask, request)

  app.get<OfAccount>(root, async (request, reply) => {
    const at = await visit(request)
    const { owner } = at
    const title = `${owner.account.email}, ${calendarNames[owner.account.vendor]}`
    const body = await calendarPage(world, owner, sceneOf(world, at))
    return sendPage(reply, sitePage(world, { title, path: '' }, body))
  })

  app.get<OfAccount>(`${root}/new`, async (request, reply) => {
    const at = await visit(request)
    const today = wallTimeOf(nowOf(world), at.owner.account.timeZone).slice(0, 16)
    return sendForm(world, reply, 200, newForm(at, newTyped(at.query, at.place, today)))
  })

  app.post<OfAccount>(`${root}/events`, async (request, reply) => {
    const at = await visit(request)
    const typed = readTyped(at.form)
    const read = draftOf(typed, undefined)
    if ('problems' in read) {
      return sendForm(world, reply, 400, { ...newForm(at, typed), problems: read.problems })
    }
    // A script that says no place to go back to sees the month of its event.
    const shown = placeLink(at.owner.account, { ...at.place, date: typed.startDate })
    const there = textOf(at.form['back']) === undefined ? { ...at, back: shown } : at
    return attempt(world, there, reply, newForm(at, typed), () =>
      at.owner.add(at.calendarId, read.draft, textOf(at.form['mail']) !== undefined),
    )
  })

  app.get<OfAccount>(`${root}/event`, async (request, reply) => {
    const at = await visit(request)
    const opened = await at.owner.open(at.calendarId, at.id)
    return sendForm(world, reply, 200, openedForm(at, opened, typedOf(opened.draft)))
  })

  app.post<OfAccount>(`${root}/event`, async (request, reply) => {
    const at = await visit(request)
    const opened = await at.owner.open(at.calendarId, at.id)
    const view = openedForm(at, opened, readTyped(at.form))
    const mail = textOf(at.form['mail']) !== undefined
    switch (textOf(at.form['act']) ?? 'save') {
      case 'delete':
        return attempt(world, at, reply, view, () => at.owner.remove(opened, at.scope, mail))
      case 'accepted':
      case 'tentative':
      case 'declined': {
        const answer = answerOf(at.form['act'])
        return attempt(world, at, reply, openedForm(at, opened, typedOf(opened.draft)), () =>
          at.owner.respond(opened, answer, at.scope),
        )
      }
      default:
        return saveOpened(world, at, reply, opened, view)
    }
  })

  app.post<OfAccount>(`${root}/move`, async (request, reply) => {
    const at = await visit(request)
    const opened = await at.owner.open(at.calendarId, at.id)
    const times = movedTo(at.form, opened.draft.times.isAllDay)
    if (times === undefined) {
      const message = 'Start and end: give both as the event has them, days or times.'
      const view = openedForm(at, opened, typedOf(opened.draft))
      return sendForm(world, reply, 400, { ...view, problems: [{ field: 'startDate', message }] })
    }
    const view = openedForm(at, opened, typedOf({ ...opened.draft, times }))
    if (opened.seriesId !== null && textOf(at.form['scope']) === undefined) {
      return sendPage(reply, sitePage(world, { title: 'Move', path: '' }, moveView(at, opened, times)))
    }
    return attempt(world, at, reply, view, () =>
      at.owner.change({ opened, changes: { times }, scope: at.scope }, false),
    )
  })

  app.post<OfAccount>(`${root}/delete`, async (request, reply) => {
    const at = await visit(request)
    const opened = await at.owner.open(at.calendarId, at.id)
    const view = openedForm(at, opened, typedOf(opened.draft))
    return attempt(world, at, reply, view, () => at.owner.remove(opened, at.scope, false))
  })

  app.post<OfAccount>(`${root}/calendars`, async (request, reply) => {
    const at = await visit(request)
    const { vendor, email } = at.owner.account
    const name = textOf(at.form['name'])?.trim() ?? ''
    if (name !== '') await ask.control('POST', 'accounts', { vendor, email, calendars: [name] })
    return reply.redirect(at.back, 303)
  })

  app.get<OfAccount>(`${root}/api`, async (request, reply) => {
    const at = await visit(request)
    const body = await apiPage(world, ask, at)
    return sendPage(reply, sitePage(world, { title: 'What the API says', path: '' }, body))
  })
}

function newForm(at: Visit, typed: Typed): FormView {
  const { account } = at.owner
  return {
    vendor: account.vendor,
    action: `${accountPath(account)}/events`,
    back: at.back,
    typed,
    calendars: at.calendars,
    calendarId: at.calendarId,
    opened: null,
    scope: 'this',
    problems: [],
    timeZone: account.timeZone,
    refusal: null,
  }
}

function openedForm(at: Visit, event: Opened, typed: Typed): FormView {
  const { account } = at.owner
  const parameters = { calendar: at.calendarId, id: event.id }
  return {
    ...newForm(at, typed),
    action: `${accountPath(account)}/event`,
    opened: {
      event,
      stood: textOf(at.form['stood']) ?? writeStood(typedOf(event.draft)),
      apiLink: placeLink(account, at.place, { page: '/api', parameters }),
    },
    scope: at.scope,
  }
}

async function saveOpened(
  world: World,
  at: Visit,
  reply: FastifyReply,
  opened: Opened,
  view: FormView,
): Promise<FastifyReply> {
  const { repeat } = opened.draft
  const read = draftOf(view.typed, repeat.kind === 'custom' ? repeat.text : undefined)
  if ('problems' in read) return sendForm(world, reply, 400, { ...view, problems: read.problems })
  const stood = readStood(textOf(at.form['stood'])) ?? typedOf(opened.draft)
  const changes = changesOf(stood, view.typed, read.draft)
  if (changes.repeat !== undefined && opened.seriesId !== null && at.scope === 'this') {
    const message = 'Repeat: one occurrence has no rule of its own; change following or all events.'
    return sendForm(world, reply, 400, { ...view, problems: [{ field: 'repeat', message }] })
  }
  if (Object.keys(changes).length === 0) return reply.redirect(at.back, 303)
  return attempt(world, at, reply, view, () =>
    at.owner.change({ opened, changes, scope: at.scope }, textOf(at.form['mail']) !== undefined),
  )
}

/** Acts and goes back to the calendar; a refusal is shown over the form with what was typed. */
async function attempt(
  world: World,
  at: Visit,
  reply: FastifyReply,
  view: FormView,
  act: () => Promise<void>,
): Promise<FastifyReply> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const name = vendorNames[at.owner.account.vendor]
    const title = `${name} answers ${error.status} ${error.code}: ${error.message}`
    return sendForm(world, reply, 400, { ...view, refusal: { title, body: pretty(error.body) } })
  }
  return reply.redirect(at.back, 303)
}

function sendForm(world: World, reply: FastifyReply, status: number, view: FormView): FastifyReply {
  const title = view.opened === null ? 'New event' : 'Event'
  const body: Html = html`<div class="card narrow vendor-${view.vendor}">${formView(view)}</div>`
  return sendPage(reply, sitePage(world, { title, path: '' }, body), status)
}

/** Where an event was dragged to; nothing when the form does not say it in the event's own way. */
function movedTo(form: JsonObject, isAllDay: boolean): Times | undefined {
  const [start, end] = [textOf(form['start']) ?? '', textOf(form['end']) ?? '']
  const isMeant = (text: string): boolean =>
    isAllDay ? isDate(text) : text.length === 16 && isWallTime(text)
  return isMeant(start) && isMeant(end) && start <= end ? { isAllDay, start, end } : undefined
}

function answerOf(value: unknown): Answer {
  return value === 'tentative' || value === 'declined' ? value : 'accepted'
}
