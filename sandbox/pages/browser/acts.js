import { open, post } from './dialog.js'

/**
 * Asks the sandbox to move an event; for a series it asks back which part.
 *
 * @param {HTMLElement} chip
 * @param {string} start
 * @param {string} end
 */
export async function moveTo(chip, start, end) {
  const form = new FormData()
  const { calendar = '', event = '' } = chip.dataset
  const back = location.pathname + location.search
  for (const [name, value] of Object.entries({ calendar, id: event, start, end, back })) form.set(name, value)
  await post(`${location.pathname}/move`, form, 'Moved')
}

/**
 * Opens the form of a new event with its times.
 *
 * @param {string} start
 * @param {string} end
 */
export async function makeBetween(start, end) {
  const query = new URLSearchParams(location.search)
  query.set('start', start)
  query.set('end', end)
  await open(`${location.pathname}/new?${query}`)
}
