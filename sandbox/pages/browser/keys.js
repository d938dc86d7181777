/** @type {Record<string, number>} */
const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/** In a month the arrow keys go from day to day; Tab goes through the events as ever. */
export function watchKeys() {
  document.addEventListener('keydown', (event) => {
    const step = steps[event.key]
    const { activeElement } = document
    if (step === undefined || activeElement === null || !activeElement.matches('.month .add')) return
    const days = [...document.querySelectorAll('.month .add')]
    const next = days[days.indexOf(activeElement) + step]
    if (next instanceof HTMLElement) {
      event.preventDefault()
      next.focus()
    }
  })
}
