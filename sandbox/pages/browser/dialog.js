import { refresh, say } from './live.js'

/** Who opened the dialog, by id, since the page behind it may have been drawn anew meanwhile. */
let opener = ''

/** Opens links marked `data-dialog` over the page, and sends the forms in it without leaving the page. */
export function watchDialogs() {
  const dialog = theDialog()
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    if (link === null || !isPlain || event.defaultPrevented) return
    if (link.matches('[data-dialog]')) {
      event.preventDefault()
      if (!dialog.open) opener = link.id
      void open(link.href)
    } else if (dialog.contains(link) && link.matches('[data-close]')) {
      event.preventDefault()
      dialog.close()
    }
  })
  dialog.addEventListener('submit', (event) => {
    const { target, submitter } = event
    if (!(target instanceof HTMLFormElement)) return
    event.preventDefault()
    void send(target, submitter)
  })
  dialog.addEventListener('click', (event) => {
    // Only the backdrop is the dialog itself.
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => {
    dialog.replaceChildren()
    document.getElementById(opener)?.focus()
  })
}

function theDialog() {
  const found = document.getElementById('dialog')
  if (!(found instanceof HTMLDialogElement)) throw new Error('The page has no dialog.')
  return found
}

/** @param {string} address */
export async function open(address) {
  await attempt(async () => show(await (await fetch(address)).text()))
}

/**
 * Sends a form; what comes back is either the calendar again, and all is well, or a page to show.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
async function send(form, submitter) {
  const body = new FormData(form, submitter)
  await post(form.action, body, submitter?.id === 'delete' ? 'Deleted' : 'Saved')
}

/**
 * @param {string} address
 * @param {FormData} form
 * @param {string} done what to say when it worked
 */
export async function post(address, form, done) {
  await attempt(async () => {
    const fields = new URLSearchParams()
    for (const [name, value] of form) if (typeof value === 'string') fields.append(name, value)
    const answer = await fetch(address, { method: 'POST', body: fields })
    if (!answer.redirected) {
      show(await answer.text())
      return
    }
    await refresh()
    theDialog().close()
    say(done)
  })
}

/** @param {() => Promise<void>} run */
async function attempt(run) {
  try {
    await run()
  } catch {
    say('The sandbox does not answer.')
  }
}

/**
 * Shows the contents of a page in the dialog.
 *
 * @param {string} text
 */
function show(text) {
  const dialog = theDialog()
  const content = new DOMParser().parseFromString(text, 'text/html').getElementById('content')
  if (content === null) return
  dialog.replaceChildren(...content.childNodes)
  if (!dialog.open) dialog.showModal()
  const chosen = ['[aria-invalid]', '[autofocus]', '[aria-current]', '[data-close]']
  const first = chosen.map((one) => dialog.querySelector(one)).find((one) => one !== null)
  if (first instanceof HTMLElement) first.focus()
}
