import { html, type Html } from '../html.ts'
import { icons } from '../icons.ts'
import { fullDay } from '../words.ts'
import type { Opened } from './owner.ts'
import { accountPath } from './place.ts'
import { scopeFields } from './series-fields.ts'
import { clockOf, type Times } from './times.ts'
import type { Visit } from './visit.ts'

/** Asks which part of a series was dragged. */
export function moveView(at: Visit, opened: Opened, { isAllDay, start, end }: Times): Html {
  const time = isAllDay ? '' : `, ${clockOf(start)} – ${clockOf(end)}`
  const kept = { back: at.back, calendar: at.calendarId, id: at.id, start, end }
  const hidden = Object.entries(kept).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  return html`<div class="card narrow vendor-${at.owner.account.vendor}">
    <div class="dialog-head">
      <h1 id="dialog-title">Move a repeating event</h1>
      <a class="icon-button" id="close" href="${at.back}" aria-label="Close" data-close>${icons.close}</a>
    </div>
    <form method="post" action="${accountPath(at.owner.account)}/move" id="move-form">
      ${hidden}
      <p>“${opened.draft.title}” goes to ${fullDay(start)}${time}.</p>
      ${scopeFields(opened, 'this')}
      <div class="dialog-foot"><button class="primary" id="move">Move</button></div>
    </form>
  </div>`
}
