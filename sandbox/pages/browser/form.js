import { say } from './live.js'

const dayMs = 86_400_000

/** Small comforts of the forms: an end that follows its start, and buttons that copy. */
export function watchForms() {
  /** @type {Map<string, number>} How long the event of each form lasts, by the form's id. */
  const lengths = new Map()
  document.addEventListener('focusin', ({ target }) => {
    const form = formOf(target)
    if (form !== null) lengths.set(form.id, lengthOf(form))
  })
  document.addEventListener('change', ({ target }) => {
    const form = formOf(target)
    if (form === null || !(target instanceof HTMLInputElement)) return
    if (target.name === 'startDate' || target.name === 'startTime') {
      moveEnd(form, lengths.get(form.id) ?? 0)
    }
    lengths.set(form.id, lengthOf(form))
  })
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('[data-copy]') : null
    const source = document.getElementById(button?.getAttribute('data-copy') ?? '')
    if (source !== null) void copy(source.textContent)
  })
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    say('Copied')
  } catch {
    say('The browser did not let it be copied.')
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {HTMLFormElement | null}
 */
function formOf(target) {
  return target instanceof Element ? target.closest('form.event-form') : null
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function field(form, name) {
  const found = form.elements.namedItem(name)
  return found instanceof HTMLInputElement ? found : null
}

/**
 * @param {HTMLFormElement} form
 * @param {'start' | 'end'} edge
 */
function instantOf(form, edge) {
  const time = field(form, 'allDay')?.checked ? '00:00' : field(form, `${edge}Time`)?.value
  return Date.parse(`${field(form, `${edge}Date`)?.value}T${time}Z`)
}

/** @param {HTMLFormElement} form */
function lengthOf(form) {
  const length = instantOf(form, 'end') - instantOf(form, 'start')
  return Number.isNaN(length) ? 0 : Math.min(Math.max(length, 0), 400 * dayMs)
}

/**
 * @param {HTMLFormElement} form
 * @param {number} lengthMs
 */
function moveEnd(form, lengthMs) {
  const start = instantOf(form, 'start')
  const [date, time] = [field(form, 'endDate'), field(form, 'endTime')]
  if (Number.isNaN(start) || date === null || time === null) return
  const end = new Date(start + lengthMs).toISOString()
  date.value = end.slice(0, 10)
  if (!field(form, 'allDay')?.checked) time.value = end.slice(11, 16)
}
