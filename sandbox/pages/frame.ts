import type { FastifyReply } from 'fastify'
import { nowOf, type World } from '../world.ts'
import { flag, html, nothing, page, type Html } from './html.ts'
import { instantInWords } from './words.ts'

const places = [
  { path: '/', name: 'Accounts' },
  { path: '/faults', name: 'Faults' },
  { path: '/requests', name: 'Requests' },
  { path: '/notifications', name: 'Notifications' },
  { path: '/mail', name: 'Mail' },
  { path: '/switches', name: 'Switches' },
]

/** A page of the sandbox with its menu and clock; what is marked `data-live` in it follows the world. */
export function sitePage(world: World, { title, path }: { title: string; path: string }, body: Html): string {
  const links = places.map(
    (place) =>
      html`<a
        id="menu-${place.name.toLowerCase()}"
        href="${place.path}"
        ${place.path === path ? { html: 'aria-current="page"' } : nothing}
        >${place.name}</a
      >`,
  )
  return page(
    `${title} · Sandbox`,
    html`<a class="skip" id="skip" href="#content">To the content</a>
      <header class="site">
        <nav aria-label="Sandbox">
          <a class="home" id="menu-home" href="/"
            ><img src="/pages/icon.svg" alt="" width="22" height="22" />Sandbox</a
          >
          ${links}
        </nav>
        ${clockFace(world)}
      </header>
      <main id="content" tabindex="-1">${body}</main>
      <dialog id="dialog" aria-labelledby="dialog-title"></dialog>
      <div id="said" role="status"></div>
      <script type="module" src="/pages/sandbox.js"></script>`,
  )
}

function clockFace(world: World): Html {
  const now = nowOf(world)
  const isMoved = Math.abs(now - Date.now()) > 60_000
  return html`<a class="clock" id="clock-face" href="/#clock" data-live
    ><span class="hidden">The sandbox’s clock: </span>${instantInWords(now).slice(0, -3)}
    UTC${isMoved ? html` <span class="badge">moved</span>` : nothing}</a
  >`
}

/** A line that says what went wrong, with the vendor's whole answer behind it where there is one. */
export function problemBox(title: string, body = ''): Html {
  const details =
    body === ''
      ? nothing
      : html`<details>
          <summary id="problem-details">The whole answer</summary>
          <pre tabindex="0" aria-label="The whole answer" id="problem-answer">${body}</pre>
        </details>`
  return html`<div class="problem" role="alert" id="problem">
    <p>${title}</p>
    ${details}
  </div>`
}

export function selectField(
  name: string,
  choices: { value: string; label: string }[],
  chosen: string,
  id = name,
): Html {
  const options = choices.map(
    ({ value, label }) =>
      html`<option value="${value}" ${flag(value === chosen, 'selected')}>${label}</option>`,
  )
  return html`<select name="${name}" id="${id}">
    ${options}
  </select>`
}

export function sendPage(reply: FastifyReply, body: string, status = 200): FastifyReply {
  return reply.status(status).type('text/html; charset=utf-8').send(body)
}

/** A page that says what went wrong. */
export function sendProblem(
  world: World,
  reply: FastifyReply,
  status: number,
  message: string,
): FastifyReply {
  const title = status === 404 ? 'Not found' : 'That did not work'
  const body: Html = html`<div class="card narrow">
    <div class="dialog-head"><h1 id="dialog-title">${title}</h1></div>
    ${problemBox(message)}
    <p><a id="to-accounts" href="/">All accounts</a></p>
  </div>`
  return sendPage(reply, sitePage(world, { title, path: '' }, body), status)
}
