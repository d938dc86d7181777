import { moveTo } from './acts.js'
import { blockDrag, drawDrag } from './drag-hours.js'
import { addDays, daysBetween } from './wall-time.js'

/** Farther than this a press is a drag. */
const startsAfterPx = 5

/** @typedef {import('./drag-hours.js').Drag} Drag */

/** Lets events be dragged to other days and times, and times be drawn among the hours. */
export function watchDrags() {
  document.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.pointerType === 'touch' || !(event.target instanceof Element)) return
    const press = pressOn(event.target, event)
    if (press !== null) follow(event, press)
  })
  document.addEventListener('click', (event) => {
    // A tap, or a click that no drag came of: an hour from there.
    const column =
      event.target instanceof Element && event.target.matches('.day-column') ? event.target : null
    if (column instanceof HTMLElement) drawDrag(column, event).drop()
  })
  // The browser's own dragging of links would come in between.
  document.addEventListener('dragstart', (event) => {
    if (event.target instanceof Element && event.target.closest('.chip, .add') !== null)
      event.preventDefault()
  })
}

/**
 * @param {Element} target
 * @param {PointerEvent} event
 * @returns {(() => Drag) | null}
 */
function pressOn(target, event) {
  const chip = target.closest('.chip')
  if (chip instanceof HTMLElement) {
    if (chip.matches('.block')) return () => blockDrag(chip, event, target.matches('.grip'))
    if (chip.closest('.week, .strip') !== null) return () => dayDrag(chip, event)
    return null
  }
  return target instanceof HTMLElement && target.matches('.day-column') ? () => drawDrag(target, event) : null
}

/**
 * @param {PointerEvent} press
 * @param {() => Drag} begin
 */
function follow(press, begin) {
  /** @type {Drag | null} */
  let drag = null
  const ended = new AbortController()
  const { signal } = ended
  document.addEventListener(
    'pointermove',
    (event) => {
      const far = Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) > startsAfterPx
      if (drag === null && far) drag = begin()
      drag?.move(event)
    },
    { signal },
  )
  const end = () => {
    ended.abort()
    drag?.stop()
    if (drag !== null) swallowClick()
  }
  document.addEventListener(
    'pointerup',
    () => {
      drag?.drop()
      end()
    },
    { signal },
  )
  document.addEventListener('pointercancel', end, { signal })
  document.addEventListener('keydown', (event) => event.key === 'Escape' && end(), { signal })
}

/** The click that ends a drag opens nothing. */
function swallowClick() {
  const swallow = (/** @type {MouseEvent} */ event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  document.addEventListener('click', swallow, { capture: true, once: true })
  setTimeout(() => document.removeEventListener('click', swallow, { capture: true }), 0)
}

/**
 * An event dragged from day to day keeps its time.
 *
 * @param {HTMLElement} chip
 * @param {PointerEvent} press
 * @returns {Drag}
 */
function dayDrag(chip, press) {
  const from = dayUnder(press)?.dataset['day'] ?? ''
  const box = chip.getBoundingClientRect()
  const ghost = document.body.appendChild(ghostOf(chip, box))
  chip.classList.add('dragged')
  /** @type {HTMLElement | null} */
  let target = null
  const aim = (/** @type {HTMLElement | null} */ day) => {
    target?.classList.remove('target')
    target = day
    target?.classList.add('target')
  }
  return {
    move(event) {
      ghost.style.left = `${box.left + event.clientX - press.clientX}px`
      ghost.style.top = `${box.top + event.clientY - press.clientY}px`
      aim(dayUnder(event))
    },
    drop() {
      const days = daysBetween(from, target?.dataset['day'] ?? from)
      const { start = '', end = '' } = chip.dataset
      if (days !== 0) void moveTo(chip, addDays(start, days), addDays(end, days))
    },
    stop() {
      aim(null)
      ghost.remove()
      chip.classList.remove('dragged')
    },
  }
}

/**
 * @param {HTMLElement} chip
 * @param {DOMRect} box
 */
function ghostOf(chip, box) {
  const ghost = /** @type {HTMLElement} */ (chip.cloneNode(true))
  ghost.removeAttribute('id')
  ghost.classList.add('ghost')
  ghost.style.width = `${box.width}px`
  ghost.style.height = `${box.height}px`
  return ghost
}

/**
 * @param {PointerEvent} event
 * @returns {HTMLElement | null}
 */
function dayUnder({ clientX, clientY }) {
  const days = document.elementsFromPoint(clientX, clientY).map((one) => one.closest('.day'))
  const day = days.find((one) => one !== null)
  return day instanceof HTMLElement ? day : null
}
