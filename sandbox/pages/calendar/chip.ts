import { createHash } from 'node:crypto'
import type { Account } from '../../accounts.ts'
import { html, nothing, type Html } from '../html.ts'
import { icons } from '../icons.ts'
import { fullDay, tinyDay } from '../words.ts'
import type { Shown } from './owner.ts'
import { placeLink, type Place } from './place.ts'
import { clockOf, dayOf, lastDayOf } from './times.ts'

/** What the drawn calendars need to know about where they are. */
export interface Scene {
  account: Account
  place: Place
  today: string
  /** The time of day now, HH:MM. */
  now: string
  colours: Map<string, Colour>
}

export interface Colour {
  name: string
  number: number
}

export const colourCount = 8

/** An event as a link that opens it: a bar, a line with its time, or a block among the hours. */
export function chip(
  scene: Scene,
  event: Shown,
  look: { shape: 'bar' | 'line' | 'block'; classes?: string; prefix: string; time?: string },
): Html {
  const colour = scene.colours.get(event.calendarId)
  const href = placeLink(scene.account, scene.place, {
    page: '/event',
    parameters: { calendar: event.calendarId, id: event.id },
  })
  const time = look.time ?? (event.isAllDay ? '' : clockOf(event.start))
  const title = event.title === '' ? '(No title)' : event.title
  const classes = ['chip', look.shape, `colour-${colour?.number ?? 0}`, ...facets(event), look.classes ?? '']
  return html`<a
    class="${classes.join(' ').trim()}"
    id="${look.prefix}-${nameOf(event)}"
    href="${href}"
    aria-label="${spoken(time, title, event, colour?.name ?? '')}"
    title="${title}"
    data-dialog
    data-calendar="${event.calendarId}"
    data-event="${event.id}"
    data-start="${event.start}"
    data-end="${event.end}"
    >${time === '' ? nothing : html`<span class="time">${time}</span> `}<span class="title">${title}</span
    >${event.kind !== 'single' ? icons.repeats : nothing}${event.isPrivate ? icons.private : nothing}${
      look.shape === 'block' && event.location !== ''
        ? html`<span class="where">${event.location}</span>`
        : nothing
    }${look.shape === 'block' ? html`<span class="grip"></span>` : nothing}</a
  >`
}

/** What may stand in an id: the vendors' own ids hold more than that. */
export function nameOf(event: { calendarId: string; id: string }): string {
  return createHash('sha256').update(`${event.calendarId} ${event.id}`).digest('hex').slice(0, 12)
}

function facets(event: Shown): string[] {
  return [
    ...(event.isFree ? ['free'] : []),
    ...(event.answer === 'declined' ? ['declined'] : []),
    ...(event.answer === 'none' || event.answer === 'tentative' ? ['open'] : []),
  ]
}

/** Everything a look at the calendar tells, for those who hear it. */
function spoken(time: string, title: string, event: Shown, calendar: string): string {
  const last = lastDayOf(event)
  const until = last === dayOf(event.start) ? '' : ` to ${tinyDay(last)}`
  const end = event.isAllDay ? 'all day' : `until ${clockOf(event.end)}`
  const answers = {
    own: '',
    none: 'not answered',
    accepted: '',
    tentative: 'tentative',
    declined: 'declined',
  }
  const parts = [
    `${time} ${title}`.trim(),
    `${fullDay(event.start)}${until}`,
    end,
    event.kind !== 'single' ? 'repeats' : '',
    event.location,
    event.isFree ? 'free' : '',
    event.isPrivate ? 'private' : '',
    answers[event.answer],
    calendar,
  ]
  return parts.filter((part) => part !== '').join(', ')
}
