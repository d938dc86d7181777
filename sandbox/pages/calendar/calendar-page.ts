import { addDays, wallTimeOf } from '../../zones.ts'
import { nowOf, type World } from '../../world.ts'
import { html, nothing, type Html } from '../html.ts'
import { icons } from '../icons.ts'
import { calendarNames, monthAndYear, tinyDay } from '../words.ts'
import { colourCount, type Scene } from './chip.ts'
import { lately } from './lately.ts'
import { listView } from './list-view.ts'
import { daysFrom, mondayOf, nextMonth, previousMonth, weeksOfMonth } from './month-layout.ts'
import { agenda, miniMonth, monthView } from './month-view.ts'
import type { Owner, Shown } from './owner.ts'
import { accountPath, placeLink, views, type Place, type View } from './place.ts'
import type { Visit } from './visit.ts'
import { weekView } from './week-view.ts'

const viewNames: Record<View, string> = { month: 'Month', week: 'Week', list: 'List' }

export function sceneOf(world: World, { owner, place, calendars }: Visit): Scene {
  const { account } = owner
  const wall = wallTimeOf(nowOf(world), account.timeZone)
  const colours = calendars.map(({ id, name }, index) => {
    return [id, { name, number: index % colourCount }] as const
  })
  return { account, place, today: wall.slice(0, 10), now: wall.slice(11, 16), colours: new Map(colours) }
}

/** An account's calendars as their owner sees them. */
export async function calendarPage(world: World, owner: Owner, scene: Scene): Promise<Html> {
  const { account, place } = scene
  const weeks = weeksOfMonth(place.date)
  const events = await eventsOf(owner, scene, weeks.flat())
  const days = daysShown(place)
  return html`<div class="calendar-page vendor-${account.vendor}">
    ${head(scene)}
    <div class="beside">
      <aside aria-label="Calendars">
        <div id="mini-month" data-live>${miniMonth(scene, events)}</div>
        ${calendarList(scene)} ${lately(world, account)}
      </aside>
      <section aria-label="${titleOf(scene)}" class="sheet view-${place.view}">
        ${
          place.view === 'list'
            ? await listView(owner, scene)
            : html`<div id="sheet" data-live data-today="${scene.today}">
                ${place.view === 'month' ? monthView(scene, events) : weekView(scene, events)}
                ${agenda(scene, days, events)}
              </div>`
        }
      </section>
    </div>
  </div>`
}

/** The days a view is about; the rest of a grid's days only fill it up. */
export function daysShown(place: Place): string[] {
  if (place.view === 'week') return daysFrom(mondayOf(place.date))
  return weeksOfMonth(place.date)
    .flat()
    .filter((day) => day.slice(0, 7) === place.date.slice(0, 7))
}

async function eventsOf(owner: Owner, { place, colours }: Scene, days: string[]): Promise<Shown[]> {
  const [first = place.date, last = place.date] = [days[0], days.at(-1)]
  const shown = [...colours.keys()].filter((id) => !place.off.includes(id))
  const lists = await Promise.all(shown.map((id) => owner.between(id, first, addDays(last, 1))))
  return lists.flat()
}

function titleOf({ place }: Scene): string {
  if (place.view === 'list') return 'All events'
  if (place.view === 'month') return monthAndYear(place.date)
  const days = daysFrom(mondayOf(place.date))
  return `${tinyDay(days[0] ?? '')} – ${tinyDay(days[6] ?? '')} ${(days[6] ?? '').slice(0, 4)}`
}

function head(scene: Scene): Html {
  const { account, place } = scene
  const [first] = scene.colours.keys()
  const api = placeLink(account, place, { page: '/api', parameters: { calendar: first ?? '' } })
  const faults = `/faults?vendor=${account.vendor}&account=${encodeURIComponent(account.email)}`
  return html`<div class="whose">
      <span class="avatar" aria-hidden="true">${account.email.slice(0, 1).toUpperCase()}</span>
      <div>
        <p class="vendor">${calendarNames[account.vendor]}</p>
        <p class="email">${account.email} <small class="note">${account.timeZone}</small></p>
      </div>
      <a class="button quiet" id="see-api" href="${api}" data-dialog>${icons.code} What the API says</a>
      <a class="button quiet" id="account-faults" href="${faults}">${icons.fault} Let something go wrong</a>
    </div>
    <div class="toolbar">
      <a
        class="button primary"
        id="new-event"
        href="${placeLink(account, place, { page: '/new' })}"
        data-dialog
        >${icons.add} New event</a
      >
      ${place.view === 'list' ? nothing : steps(scene)}
      <h1>${titleOf(scene)}</h1>
      ${viewLinks(scene)}
    </div>`
}

/** To the month or week before and after, and to today. */
function steps({ account, place, today }: Scene): Html {
  const unit = place.view === 'week' ? 'week' : 'month'
  const link = (id: string, date: string, icon: Html): Html =>
    html`<a
      class="icon-button"
      id="${id}"
      href="${placeLink(account, { ...place, date })}"
      aria-label="${id === 'next' ? 'Next' : 'Previous'} ${unit}"
      >${icon}</a
    >`
  const [before, after] =
    unit === 'week'
      ? [addDays(place.date, -7), addDays(place.date, 7)]
      : [previousMonth(place.date), nextMonth(place.date)]
  return html`<a class="button" id="today" href="${placeLink(account, { ...place, date: today })}">Today</a>
    ${link('previous', before, icons.before)} ${link('next', after, icons.after)}`
}

function viewLinks({ account, place }: Scene): Html {
  return html`<nav class="views" aria-label="View">
    ${views.map(
      (view) =>
        html`<a
          id="view-${view}"
          href="${placeLink(account, { ...place, view })}"
          ${view === place.view ? { html: 'aria-current="page"' } : nothing}
          >${viewNames[view]}</a
        >`,
    )}
  </nav>`
}

function calendarList(scene: Scene): Html {
  const { account, place, colours } = scene
  const items = [...colours].map(([id, { name, number }], index) => {
    const isOff = place.off.includes(id)
    const off = isOff ? place.off.filter((one) => one !== id) : [...place.off, id]
    return html`<li>
      <a
        class="calendar colour-${number}${isOff ? ' off' : ''}"
        id="calendar-${index + 1}"
        href="${placeLink(account, { ...place, off })}"
        aria-label="${isOff ? 'Show' : 'Hide'} ${name}"
        ><span class="box" aria-hidden="true"></span><span class="name">${name}</span></a
      >
    </li>`
  })
  return html`<div class="calendars">
    <h2>Calendars</h2>
    <ul>
      ${items}
    </ul>
    <form method="post" action="${accountPath(account)}/calendars" class="add-calendar">
      <input type="hidden" name="back" value="${placeLink(account, place)}" />
      <label class="hidden" for="calendar-name">Name of a new calendar</label>
      <input id="calendar-name" name="name" placeholder="New calendar" autocomplete="off" required />
      <button class="icon-button" id="add-calendar" aria-label="Add the calendar">${icons.add}</button>
    </form>
  </div>`
}
