const pauseMs = 1500

/** Who holds something of the page in their hands must not see it replaced. */
let isHeld = false
document.addEventListener('pointerdown', () => void (isHeld = true), true)
for (const end of ['pointerup', 'pointercancel']) {
  document.addEventListener(end, () => void (isHeld = false), true)
}

/** Keeps what is marked `data-live` as the world is, as long as somebody looks. */
export function follow() {
  if (document.querySelector('[data-live]') === null) return
  toWorkingHours()
  // At first nobody knows what happened between the page and its first look, so that look always fetches.
  let stamp = ''
  const look = async () => {
    if (document.hidden || isHeld) return
    const now = await stampNow()
    if (now === '' || now === stamp) return
    await refresh()
    // What was held back is to come at the next look.
    stamp = isHeld ? '' : now
  }
  const again = () => setTimeout(() => void look().finally(again), pauseMs)
  again()
}

/** @returns {Promise<string>} nothing when the sandbox does not answer just now */
async function stampNow() {
  try {
    const answer = await fetch('/pages/stamp')
    return answer.ok ? await answer.text() : ''
  } catch {
    return ''
  }
}

/** Fetches the page anew and puts its live parts in the place of the old ones. */
export async function refresh() {
  try {
    const answer = await fetch(location.href)
    const text = await answer.text()
    if (answer.ok && !isHeld) replaceLive(new DOMParser().parseFromString(text, 'text/html'))
  } catch {
    // The sandbox is gone for the moment; the next look finds out.
  }
}

/** @param {Document} fresh */
function replaceLive(fresh) {
  const focused = document.activeElement?.id ?? ''
  const openDetails = [...document.querySelectorAll('details[open] > summary')].map(({ id }) => id)
  const scrolled = document.getElementById('hours')?.scrollTop
  for (const old of document.querySelectorAll('[data-live]')) {
    const young = fresh.getElementById(old.id)
    if (young !== null && young.innerHTML !== old.innerHTML) old.replaceWith(document.adoptNode(young))
  }
  const hours = document.getElementById('hours')
  if (hours !== null && scrolled !== undefined) hours.scrollTop = scrolled
  for (const id of openDetails) document.getElementById(id)?.closest('details')?.setAttribute('open', '')
  if (focused !== '' && document.activeElement?.id !== focused) document.getElementById(focused)?.focus()
}

/** A week is first seen from a little before the working day, or before now. */
function toWorkingHours() {
  const hours = document.getElementById('hours')
  if (hours === null) return
  const day = hours.querySelector('.day-column')
  if (day !== null) hours.scrollTop = (day.clientHeight / 24) * 7 - 8
}

/**
 * Says something to whoever looks or listens.
 *
 * @param {string} text
 */
export function say(text) {
  const place = document.getElementById('said')
  if (place === null) return
  place.textContent = text
  setTimeout(() => {
    if (place.textContent === text) place.textContent = ''
  }, 4000)
}
