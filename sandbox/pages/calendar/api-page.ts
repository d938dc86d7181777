import { textOf } from '../../json.ts'
import { addDays } from '../../zones.ts'
import type { World } from '../../world.ts'
import type { Ask } from '../ask.ts'
import { html, nothing, type Html } from '../html.ts'
import { icons } from '../icons.ts'
import { vendorNames } from '../words.ts'
import { daysShown } from './calendar-page.ts'
import { colouredJson, pretty } from './coloured-json.ts'
import type { Question } from './owner.ts'
import { placeLink } from './place.ts'
import type { Visit } from './visit.ts'

/** What an app would get from the vendor's API: for an event, or for what the calendar shows. */
export async function apiPage(world: World, ask: Ask, at: Visit): Promise<Html> {
  const { owner, place, calendarId, id } = at
  const days = daysShown(place)
  const [first = place.date, last = place.date] = [days[0], days.at(-1)]
  const questions =
    id === ''
      ? owner.questionsAbout(calendarId, first, addDays(last, 1))
      : owner.questionsOf(await owner.open(calendarId, id))
  const asked = questions.find(({ name }) => name === textOf(at.query['ask'])) ?? questions[0]
  if (asked === undefined) return nothing
  const answer = await ask.plainly(owner.account, asked.call)
  return view(world, at, { questions, asked, answer })
}

interface Told {
  questions: Question[]
  asked: Question
  answer: { status: number; text: string; etag: string }
}

function view(world: World, at: Visit, { questions, asked, answer }: Told): Html {
  const { account } = at.owner
  const linkOf = (name: string): string =>
    placeLink(account, at.place, {
      page: '/api',
      parameters: { calendar: at.calendarId, ...(at.id === '' ? {} : { id: at.id }), ask: name },
    })
  const line = `${asked.call.method} ${world.origin}${asked.call.path}`
  const links = questions.map(
    ({ name, label }) =>
      html`<a
        id="ask-${name}"
        href="${linkOf(name)}"
        data-dialog
        ${name === asked.name ? { html: 'aria-current="page"' } : nothing}
        >${label}</a
      >`,
  )
  return html`<div class="card api vendor-${account.vendor}">
    <div class="dialog-head">
      <h1 id="dialog-title">What ${vendorNames[account.vendor]}’s API says</h1>
      <a class="icon-button" id="close" href="${at.back}" aria-label="Close" data-close>${icons.close}</a>
    </div>
    <nav class="tabs" aria-label="Question">${links}</nav>
    <div class="request">
      <code id="request-line">${line}</code>
      <button class="quiet" id="copy-request" data-copy="request-line">${icons.copy} Copy the request</button>
    </div>
    <div class="request">
      <span
        ><span class="badge ${answer.status < 300 ? 'good' : 'bad'}">${answer.status}</span>
        ${answer.etag === '' ? nothing : html`<code>ETag: ${answer.etag}</code>`}</span
      >
      <button class="quiet" id="copy-answer" data-copy="answer">${icons.copy} Copy the answer</button>
    </div>
    <pre class="json" id="answer" tabindex="0" aria-label="The answer">
${colouredJson(pretty(answer.text))}</pre>
  </div>`
}
