import { makeBetween, moveTo } from './acts.js'
import { minutesBetween, wallAt } from './wall-time.js'

const stepMinutes = 15
const minutesOfDay = 1440

/**
 * What a drag does while it goes on and when it ends.
 *
 * @typedef {object} Drag
 * @property {(event: PointerEvent) => void} move
 * @property {() => void} drop
 * @property {() => void} stop takes away whatever was drawn for it
 */

/**
 * A block dragged among the hours goes to another time; by its lower edge it ends at another.
 *
 * @param {HTMLElement} chip
 * @param {PointerEvent} press
 * @param {boolean} isResize
 * @returns {Drag}
 */
export function blockDrag(chip, press, isResize) {
  const { start = '', end = '' } = chip.dataset
  const lengthMinutes = minutesBetween(start, end)
  const column = /** @type {HTMLElement} */ (chip.closest('.day-column'))
  const grabbedMinutes = minuteUnder(column, press) - minutesBetween(`${start.slice(0, 10)}T00:00`, start)
  const shown = frame()
  chip.classList.add('dragged')
  let [newStart, newEnd] = [start, end]
  return {
    move(event) {
      const to = isResize ? column : (columnUnder(event) ?? column)
      const minute = minuteUnder(to, event)
      const day = to.dataset['day'] ?? ''
      if (isResize) {
        const last = Math.max(snapped(minute), minutesBetween(`${day}T00:00`, start) + stepMinutes)
        newEnd = wallAt(day, Math.min(last, minutesOfDay))
      } else {
        const first = Math.min(Math.max(snapped(minute - grabbedMinutes), 0), minutesOfDay - stepMinutes)
        newStart = wallAt(day, first)
        newEnd = wallAt(day, first + lengthMinutes)
      }
      draw(shown, to, newStart, newEnd)
    },
    drop() {
      if (newStart !== start || newEnd !== end) void moveTo(chip, newStart, newEnd)
    },
    stop() {
      shown.remove()
      chip.classList.remove('dragged')
    },
  }
}

/**
 * Draws the time of a new event; without a drag it is the half hour that was clicked and the one after it.
 *
 * @param {HTMLElement} column
 * @param {MouseEvent} press
 * @returns {Drag}
 */
export function drawDrag(column, press) {
  const day = column.dataset['day'] ?? ''
  const from = Math.floor(minuteUnder(column, press) / 30) * 30
  const shown = frame()
  let [start, end] = [wallAt(day, from), wallAt(day, Math.min(from + 60, minutesOfDay))]
  return {
    move(event) {
      const [one, other] = [from, snapped(minuteUnder(column, event))].toSorted((a, b) => a - b)
      start = wallAt(day, one ?? from)
      end = wallAt(day, Math.min(Math.max(other ?? from, (one ?? from) + stepMinutes), minutesOfDay))
      draw(shown, column, start, end)
    },
    drop() {
      void makeBetween(start, end)
    },
    stop() {
      shown.remove()
    },
  }
}

function frame() {
  const shown = document.createElement('div')
  shown.className = 'drawn'
  return shown
}

/**
 * @param {HTMLElement} shown
 * @param {HTMLElement} column
 * @param {string} start
 * @param {string} end
 */
function draw(shown, column, start, end) {
  const day = column.dataset['day'] ?? ''
  const rowOf = (/** @type {string} */ wall) => Math.floor(minutesBetween(`${day}T00:00`, wall) / 5) + 1
  shown.style.gridRow = `${rowOf(start)} / ${Math.min(rowOf(end), minutesOfDay / 5 + 1)}`
  shown.textContent = `${start.slice(11)} – ${end.slice(11)}`
  column.append(shown)
}

/** @param {number} minute */
function snapped(minute) {
  return Math.round(minute / stepMinutes) * stepMinutes
}

/**
 * The minute of the day at a height of a column.
 *
 * @param {HTMLElement} column
 * @param {MouseEvent} event
 */
function minuteUnder(column, { clientY }) {
  const { top, height } = column.getBoundingClientRect()
  return Math.min(Math.max(((clientY - top) / height) * minutesOfDay, 0), minutesOfDay)
}

/**
 * @param {MouseEvent} event
 * @returns {HTMLElement | null}
 */
function columnUnder({ clientX, clientY }) {
  const found = document.elementsFromPoint(clientX, clientY).map((one) => one.closest('.day-column'))
  const column = found.find((one) => one !== null)
  return column instanceof HTMLElement ? column : null
}
