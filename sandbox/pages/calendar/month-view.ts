import { html, nothing, type Html } from '../html.ts'
import { counted, fullDay, tinyDay, weekdayShort } from '../words.ts'
import { chip, type Scene } from './chip.ts'
import { layOutWeek, weeksOfMonth, type Segment, type Week } from './month-layout.ts'
import type { Shown } from './owner.ts'
import { placeLink } from './place.ts'
import { clockOf } from './times.ts'

/** Rows of events in a week; what finds none is counted. */
const lanesMax = 4

/** A month as a grid of weeks. */
export function monthView(scene: Scene, events: Shown[]): Html {
  const weeks = weeksOfMonth(scene.place.date).map((days) => layOutWeek(days, events, lanesMax))
  const [first] = weeks
  return html`<div class="month" id="month">
    <div class="weekdays" aria-hidden="true">
      ${(first?.days ?? []).map((day) => html`<span>${weekdayShort(day)}</span>`)}
    </div>
    ${weeks.map((week) => weekRow(scene, week))}
  </div>`
}

function weekRow(scene: Scene, week: Week): Html {
  return html`<div class="week" role="group" aria-label="Week of ${fullDay(week.days[0] ?? '')}">
    ${week.days.map((day, column) => dayCell(scene, day, column))}
    ${week.segments.map((segment) => bar(scene, week, segment))}
    ${week.hidden.map((count, column) => more(scene, week.days[column] ?? '', column, count))}
  </div>`
}

function dayCell(scene: Scene, day: string, column: number): Html {
  const { account, place, today } = scene
  const classes = [
    'day',
    `column-${column}`,
    ...(day === today ? ['today'] : []),
    ...(day.slice(0, 7) === place.date.slice(0, 7) ? [] : ['outside']),
    ...(column > 4 ? ['weekend'] : []),
  ]
  const number = day.endsWith('-01') ? tinyDay(day) : String(Number(day.slice(8)))
  const add = placeLink(account, place, { page: '/new', parameters: { start: day } })
  return html`<div class="${classes.join(' ')}" data-day="${day}">
      <a
        class="add"
        id="add-${day}"
        href="${add}"
        aria-label="Add an event on ${fullDay(day)}"
        data-dialog
      ></a>
    </div>
    <a
      class="number column-${column}${day === today ? ' today' : ''}"
      id="week-of-${day}"
      href="${placeLink(account, { ...place, view: 'week', date: day })}"
      aria-label="${number}, the week of ${fullDay(day)}${day === today ? ', today' : ''}"
      ><span>${number}</span></a
    >`
}

function bar(scene: Scene, week: Week, { event, from, to, lane, comesFromBefore, goesOn }: Segment): Html {
  const isBar = event.isAllDay || to > from || comesFromBefore || goesOn
  const classes = [
    `column-${from}`,
    `span-${to - from + 1}`,
    `row-${lane}`,
    ...(comesFromBefore ? ['from-before'] : []),
    ...(goesOn ? ['goes-on'] : []),
  ].join(' ')
  const time = event.isAllDay || comesFromBefore ? '' : clockOf(event.start)
  const prefix = comesFromBefore ? `on-${week.days[0] ?? ''}` : 'event'
  return chip(scene, event, { shape: isBar ? 'bar' : 'line', classes, prefix, time })
}

function more(scene: Scene, day: string, column: number, count: number): Html {
  if (count === 0) return nothing
  return html`<a
    class="more column-${column}"
    id="more-${day}"
    href="${placeLink(scene.account, { ...scene.place, view: 'week', date: day })}"
    aria-label="${count} more, ${fullDay(day)}"
    >${count} more</a
  >`
}

/** The small month beside the calendar, for going to a day. */
export function miniMonth(scene: Scene, events: Shown[]): Html {
  const { account, place, today } = scene
  const busy = new Set<string>()
  const weeks = weeksOfMonth(place.date)
  for (const days of weeks)
    for (const { from, to } of layOutWeek(days, events, Infinity).segments)
      for (const day of days.slice(from, to + 1)) busy.add(day)
  const cell = (day: string): Html => {
    const classes = [
      ...(day === today ? ['today'] : []),
      ...(day === place.date ? ['chosen'] : []),
      ...(day.slice(0, 7) === place.date.slice(0, 7) ? [] : ['outside']),
      ...(busy.has(day) ? ['busy'] : []),
    ].join(' ')
    return html`<td>
      <a
        id="go-to-${day}"
        class="${classes}"
        href="${placeLink(account, { ...place, date: day })}#day-${day}"
        aria-label="${fullDay(day)}${busy.has(day) ? ', has events' : ''}"
        ${day === place.date ? { html: 'aria-current="date"' } : nothing}
        >${Number(day.slice(8))}</a
      >
    </td>`
  }
  const [first = []] = weeks
  return html`<table class="mini" aria-label="Go to a day">
    <thead>
      <tr>
        ${first.map((day) => html`<th scope="col" abbr="${weekdayShort(day)}">${weekdayShort(day).slice(0, 1)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${weeks.map(
        (days) =>
          html`<tr>
            ${days.map(cell)}
          </tr>`,
      )}
    </tbody>
  </table>`
}

/** The days that have events, one below the other: what a small screen shows instead of a grid. */
export function agenda(scene: Scene, days: string[], events: Shown[]): Html {
  const items = days.flatMap((day) => {
    const { segments } = layOutWeek([day], events, Infinity)
    if (segments.length === 0 && day !== scene.today) return []
    const rows = segments.map(({ event, comesFromBefore }) => {
      const time = event.isAllDay || comesFromBefore ? 'All day' : clockOf(event.start)
      return html`<li>
        ${chip(scene, event, { shape: 'line', prefix: `listed-${day}`, time, classes: 'listed' })}
      </li>`
    })
    return [
      html`<li class="agenda-day${day === scene.today ? ' today' : ''}" id="day-${day}">
        <h3>${fullDay(day)}</h3>
        <ul>
          ${rows.length === 0 ? html`<li class="note">Nothing today</li>` : rows}
        </ul>
      </li>`,
    ]
  })
  return html`<ol class="agenda" id="agenda" aria-label="${counted(items.length, 'day')} with events">
    ${items.length === 0 ? html`<li class="note">Nothing here yet</li>` : items}
  </ol>`
}
