import { html, nothing, type Html } from '../html.ts'
import { fullDay, weekdayShort } from '../words.ts'
import { chip, type Scene } from './chip.ts'
import { layOutDay, type Block } from './day-layout.ts'
import { daysFrom, layOutWeek, mondayOf, type Segment } from './month-layout.ts'
import type { Shown } from './owner.ts'
import { placeLink } from './place.ts'
import { clockOf, isLong } from './times.ts'

const stripLanesMax = 12
/** The height of an hour is twelve rows, so that five minutes are one. */
export const rowMinutes = 5

/** A week as columns of hours, with what lasts whole days above them. */
export function weekView(scene: Scene, events: Shown[]): Html {
  const days = daysFrom(mondayOf(scene.place.date))
  const strip = layOutWeek(days, events.filter(isLong), stripLanesMax)
  const lanes = strip.segments.reduce((most, { lane }) => Math.max(most, lane + 1), 1)
  return html`<div
    class="hours-of-week"
    id="hours"
    tabindex="0"
    role="region"
    aria-label="The week, hour by hour"
  >
    <div class="top">
      <div class="head" role="group" aria-label="Days">
        <span class="corner" aria-hidden="true"></span>
        ${days.map((day) => dayHead(scene, day))}
      </div>
      <div class="strip lanes-${lanes}" role="group" aria-label="Whole days">
        <span class="corner note">all day</span>
        ${days.map((day, column) => stripCell(scene, day, column))}
        ${strip.segments.map((segment) => bar(scene, segment, days[0] ?? ''))}
      </div>
    </div>
    <div class="columns">
      <div class="hours" aria-hidden="true">${hourNames()}</div>
      ${days.map((day) => dayColumn(scene, day, events))}
    </div>
  </div>`
}

function dayHead({ account, place, today }: Scene, day: string): Html {
  const add = placeLink(account, place, { page: '/new', parameters: { start: `${day}T09:00` } })
  return html`<a
    class="day-head${day === today ? ' today' : ''}"
    id="add-at-${day}"
    href="${add}"
    data-dialog
    aria-label="${weekdayShort(day)} ${Number(day.slice(8))}: add an event on ${fullDay(day)}"
    ><span>${weekdayShort(day)}</span> <b>${Number(day.slice(8))}</b></a
  >`
}

function stripCell({ account, place }: Scene, day: string, column: number): Html {
  const add = placeLink(account, place, { page: '/new', parameters: { start: day } })
  return html`<div class="day column-${column}" data-day="${day}">
    <a
      class="add"
      id="add-${day}"
      href="${add}"
      aria-label="Add an all-day event on ${fullDay(day)}"
      data-dialog
    ></a>
  </div>`
}

function bar(scene: Scene, segment: Segment, monday: string): Html {
  const { event, from, to, lane, comesFromBefore, goesOn } = segment
  const classes = [
    `column-${from}`,
    `span-${to - from + 1}`,
    `row-${lane}`,
    ...(comesFromBefore ? ['from-before'] : []),
    ...(goesOn ? ['goes-on'] : []),
  ].join(' ')
  const prefix = comesFromBefore ? `on-${monday}` : 'event'
  const time = event.isAllDay || comesFromBefore ? '' : clockOf(event.start)
  return chip(scene, event, { shape: 'bar', classes, prefix, time })
}

function hourNames(): Html[] {
  return Array.from({ length: 24 }, (_none, hour) => {
    const name = hour === 0 ? '' : `${String(hour).padStart(2, '0')}:00`
    return html`<span class="from-${(hour * 60) / rowMinutes}">${name}</span>`
  })
}

function dayColumn(scene: Scene, day: string, events: Shown[]): Html {
  const blocks = layOutDay(day, events).map((block) => blockChip(scene, day, block))
  const [hours = '0', minutes = '0'] = scene.now.split(':')
  const row = Math.floor((Number(hours) * 60 + Number(minutes)) / rowMinutes)
  return html`<div
    class="day-column${day === scene.today ? ' today' : ''}"
    data-day="${day}"
    data-hours
    role="group"
    aria-label="${fullDay(day)}"
  >
    ${blocks} ${day === scene.today ? html`<i class="now from-${row}" aria-hidden="true"></i>` : nothing}
  </div>`
}

function blockChip(scene: Scene, day: string, { event, fromMinute, toMinute, lane, lanes }: Block): Html {
  const isShort = toMinute - fromMinute < 45
  const classes = [
    `from-${Math.floor(fromMinute / rowMinutes)}`,
    `to-${Math.ceil(toMinute / rowMinutes)}`,
    `lane-${lane}-of-${lanes}`,
    ...(isShort ? ['short'] : toMinute - fromMinute < 75 ? ['brief'] : []),
  ].join(' ')
  const isSecondDay = event.start < day
  const time = isShort ? clockOf(event.start) : `${clockOf(event.start)} – ${clockOf(event.end)}`
  const prefix = isSecondDay ? `on-${day}` : 'event'
  return chip(scene, event, { shape: 'block', classes, prefix, time })
}
