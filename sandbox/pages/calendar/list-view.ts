import { html, nothing, type Html } from '../html.ts'
import { icons } from '../icons.ts'
import { counted } from '../words.ts'
import { nameOf, type Scene } from './chip.ts'
import { byPlace } from './month-layout.ts'
import type { Owner, Shown } from './owner.ts'
import { accountPath, placeLink } from './place.ts'
import { lastDayOf } from './times.ts'

const rowsMax = 500

/** Everything the account's calendars hold, as the vendor keeps it: a series is one row, its exceptions are others. */
export async function listView(owner: Owner, scene: Scene): Promise<Html> {
  const { account, place } = scene
  const shown = [...scene.colours.keys()].filter((id) => !place.off.includes(id))
  const all = (await Promise.all(shown.map((id) => owner.all(id)))).flat()
  const words = place.search.toLowerCase()
  const sorted = all.filter(({ title }) => title.toLowerCase().includes(words)).toSorted(byPlace)
  return html`<form class="search" role="search" method="get" action="${accountPath(account)}">
      <input type="hidden" name="view" value="list" /><input
        type="hidden"
        name="date"
        value="${place.date}"
      />
      <label for="search">Title has</label>
      <input id="search" name="search" type="search" value="${place.search}" />
      <button id="do-search">Search</button>
    </form>
    <div id="list" data-live>
      <p class="note">
        ${counted(sorted.length, 'event')}${sorted.length > rowsMax ? `, the first ${rowsMax} shown` : ''}
      </p>
      <div class="table" tabindex="0" role="region" aria-label="Table of events" id="list-table">
        <table>
          <thead>
            <tr>
              <th scope="col">Title</th>
              <th scope="col">Start</th>
              <th scope="col">End</th>
              <th scope="col">Calendar</th>
              <th scope="col"><span class="hidden">Acts</span></th>
            </tr>
          </thead>
          <tbody>
            ${sorted.slice(0, rowsMax).map((event) => row(scene, event))}
          </tbody>
        </table>
      </div>
    </div>`
}

function row(scene: Scene, event: Shown): Html {
  const { account, place } = scene
  const { id, calendarId: calendar } = event
  const name = nameOf(event)
  const title = event.title === '' ? '(No title)' : event.title
  const colour = scene.colours.get(calendar)
  const href = placeLink(account, place, { page: '/event', parameters: { calendar, id } })
  const exception = html` <span class="badge">exception</span>`
  return html`<tr>
    <td>
      <a id="row-${name}" href="${href}" data-dialog>${title}</a>
      ${event.kind === 'series' ? icons.repeats : nothing}${event.kind === 'occurrence' ? exception : nothing}
    </td>
    <td>${moment(event.start)}</td>
    <td>${moment(event.isAllDay ? lastDayOf(event) : event.end)}</td>
    <td><span class="dot colour-${colour?.number ?? 0}"></span>${colour?.name ?? ''}</td>
    <td>
      <form class="inline" method="post" action="${accountPath(account)}/delete">
        <input type="hidden" name="calendar" value="${calendar}" /><input
          type="hidden"
          name="id"
          value="${id}"
        /><input type="hidden" name="back" value="${placeLink(account, place)}" /><button
          class="quiet"
          id="delete-${name}"
          aria-label="Delete ${title}"
        >
          Delete
        </button>
      </form>
    </td>
  </tr>`
}

function moment(wall: string): Html {
  return html`<time datetime="${wall}">${wall.replace('T', ' ')}</time>`
}
