import type { Vendor } from '../../state.ts'
import { problemBox, selectField } from '../frame.ts'
import { flag, html, nothing, type Html } from '../html.ts'
import { icons } from '../icons.ts'
import type { Problem, Typed } from './event-form.ts'
import type { Answer, Opened } from './owner.ts'
import { repeatFields, scopeFields, wrong } from './series-fields.ts'

export interface FormView {
  vendor: Vendor
  /** Where the form goes to. */
  action: string
  /** The calendar page to go back to. */
  back: string
  typed: Typed
  calendars: { id: string; name: string }[]
  calendarId: string
  /** Nothing while the event is being made. */
  opened: { event: Opened; stood: string; apiLink: string } | null
  scope: string
  problems: Problem[]
  /** The zone that times are typed in. */
  timeZone: string
  /** What the vendor answered instead. */
  refusal: { title: string; body: string } | null
}

const answerNames: Record<Answer, string> = {
  own: '',
  none: 'not answered yet',
  accepted: 'accepted',
  tentative: 'maybe',
  declined: 'declined',
}

/** The form of an event, new or opened. */
export function formView(view: FormView): Html {
  const { typed, opened, problems } = view
  const heading = opened === null ? 'New event' : 'Event'
  return html`<div class="dialog-head">
      <h1 id="dialog-title">${heading}</h1>
      <a class="icon-button" id="close" href="${view.back}" aria-label="Close" data-close>${icons.close}</a>
    </div>
    ${complaints(view)} ${invitation(view)}
    <form class="event-form" method="post" action="${view.action}" id="event-form" novalidate>
      ${hidden(view)}
      <p class="wide">
        <label for="title">Title</label>
        <input
          id="title"
          name="title"
          class="title"
          value="${typed.title}"
          autocomplete="off"
          ${wrong(problems, 'title')}
          autofocus
        />
      </p>
      ${whenFields(view)} ${repeatFields(typed, problems, opened?.event.draft.repeat ?? { kind: 'none' })}
      <div class="row">
        <p>
          <label for="location">Location</label>
          <input id="location" name="location" value="${typed.location}" autocomplete="off" />
        </p>
        <p>
          <label for="guests">Guests <small class="note">email addresses</small></label>
          <textarea
            id="guests"
            name="guests"
            rows="1"
            placeholder="grace@example.com"
            ${wrong(problems, 'guests')}
          >
${typed.guests}</textarea>
        </p>
      </div>
      ${opened === null ? nothing : guestList(opened.event)} ${mailField(view)}
      <p>
        <label for="notes">Notes</label>
        <textarea id="notes" name="notes" rows="2">${newlineKept(typed.notes)}</textarea>
      </p>
      <div class="row">
        <p>
          <label for="calendar">Calendar</label>
          ${calendarField(view)}
        </p>
        <p>
          <label for="showAs">Show as</label>
          ${selectField(
            'showAs',
            [
              { value: 'busy', label: 'Busy' },
              { value: 'free', label: 'Free' },
            ],
            typed.isFree ? 'free' : 'busy',
          )}
        </p>
        <p class="check">
          <input
            type="checkbox"
            id="private"
            name="private"
            value="yes"
            ${flag(typed.isPrivate, 'checked')}
          />
          <label for="private">Private</label>
        </p>
      </div>
      ${opened === null ? nothing : scopeFields(opened.event, view.scope)}
      <div class="dialog-foot">
        <button class="primary" id="save" name="act" value="save">Save</button>
        ${opened === null ? nothing : openedActs(opened.apiLink)}
      </div>
    </form>`
}

function openedActs(apiLink: string): Html {
  return html`<button class="danger" id="delete" name="act" value="delete" formnovalidate>Delete</button>
    <a class="button quiet" id="see-api" href="${apiLink}" data-dialog>${icons.code} What the API says</a>`
}

function complaints({ problems, refusal }: FormView): Html {
  if (refusal !== null) return problemBox(refusal.title, refusal.body)
  if (problems.length === 0) return nothing
  const items = problems.map(
    ({ field, message }) =>
      html`<li id="problem-${field}"><a href="#${fieldId(field)}" id="to-${field}">${message}</a></li>`,
  )
  return html`<div class="problem" role="alert" id="problem">
    <ul>
      ${items}
    </ul>
  </div>`
}

function hidden({ opened, back, calendarId }: FormView): Html {
  const always = html`<input type="hidden" name="back" value="${back}" />`
  if (opened === null) return always
  return html`${always}<input type="hidden" name="id" value="${opened.event.id}" /><input
      type="hidden"
      name="calendar"
      value="${calendarId}"
    /><input type="hidden" name="stood" value="${opened.stood}" />`
}

function fieldId(field: keyof Typed): string {
  return field === 'days' ? 'day-MO' : field
}

function whenFields({ typed, problems, timeZone }: FormView): Html {
  const time = (name: 'startTime' | 'endTime', label: string): Html =>
    html`<input
      type="time"
      class="time"
      id="${name}"
      name="${name}"
      value="${typed[name]}"
      aria-label="${label}"
      ${wrong(problems, name)}
    />`
  const date = (name: 'startDate' | 'endDate', label: string): Html =>
    html`<input
      type="date"
      id="${name}"
      name="${name}"
      value="${typed[name]}"
      aria-label="${label}"
      ${wrong(problems, name)}
    />`
  return html`<fieldset class="when">
    <legend>When</legend>
    <span class="from">${date('startDate', 'Start date')} ${time('startTime', 'Start time')}</span>
    <span class="from"
      ><span aria-hidden="true">to</span> ${date('endDate', 'End date')} ${time('endTime', 'End time')}</span
    >
    <span class="check">
      <input type="checkbox" id="allDay" name="allDay" value="yes" ${flag(typed.allDay, 'checked')} />
      <label for="allDay">All day</label>
    </span>
    <small class="note time">in ${timeZone}</small>
  </fieldset>`
}

function calendarField({ calendars, calendarId, opened }: FormView): Html {
  const choices = calendars.map(({ id, name }) => ({ value: id, label: name }))
  if (opened === null) return selectField('calendar', choices, calendarId)
  const name = choices.find(({ value }) => value === calendarId)?.label ?? ''
  return html`<output id="calendar">${name}</output>`
}

/** Google asks whether the guests get mail; Microsoft always writes to them. */
function mailField({ vendor, opened }: FormView): Html {
  if (vendor === 'microsoft') return nothing
  const isKnown = (opened?.event.guests.length ?? 0) > 0
  return html`<p class="check mail">
    <input type="checkbox" id="mail" name="mail" value="yes" ${flag(!isKnown, 'checked')} />
    <label for="mail">Tell the guests by mail</label>
  </p>`
}

function guestList({ guests, organizer }: Opened): Html {
  if (guests.length === 0) return nothing
  const items = guests.map(
    ({ email, answer }) =>
      html`<li>${email} <span class="badge ${answer}">${answerNames[answer] || 'organizer'}</span></li>`,
  )
  return html`<div class="guests">
    <p class="note">Organized by ${organizer}</p>
    <ul>
      ${items}
    </ul>
  </div>`
}

function invitation(view: FormView): Html {
  const opened = view.opened?.event
  if (opened === undefined || opened.answer === 'own') return nothing
  const { answer, organizer, seriesId } = opened
  const choices: { answer: Answer; label: string }[] = [
    { answer: 'accepted', label: 'Accept' },
    { answer: 'tentative', label: 'Maybe' },
    { answer: 'declined', label: 'Decline' },
  ]
  return html`<form
    class="invitation"
    method="post"
    action="${view.action}"
    id="answer-form"
    aria-label="Your answer"
  >
    ${hidden(view)} <span>${organizer} invites you.</span>
    ${choices.map(
      ({ answer: one, label }) =>
        html`<button
          id="answer-${one}"
          name="act"
          value="${one}"
          aria-pressed="${one === answer ? 'true' : 'false'}"
        >
          ${label}
        </button>`,
    )}
    ${seriesId === null ? nothing : allCheck}
  </form>`
}

const allCheck = html`<span class="check">
  <input type="checkbox" id="answer-all" name="scope" value="all" />
  <label for="answer-all">for all events of the series</label>
</span>`

/** A first newline in a text field is dropped by every browser, so it is written twice. */
function newlineKept(text: string): string {
  return text.startsWith('\n') ? `\n${text}` : text
}
