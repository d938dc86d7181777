const dayMs = 86_400_000

/**
 * A day or wall time some days later.
 *
 * @param {string} wall
 * @param {number} days
 */
export function addDays(wall, days) {
  const day = new Date(Date.parse(`${wall.slice(0, 10)}T00:00Z`) + days * dayMs)
  return day.toISOString().slice(0, 10) + wall.slice(10)
}

/**
 * @param {string} from
 * @param {string} to
 */
export function daysBetween(from, to) {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / dayMs)
}

/**
 * @param {string} from
 * @param {string} to
 */
export function minutesBetween(from, to) {
  return Math.round((Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / 60_000)
}

/**
 * The wall time some minutes after the midnight that begins a day.
 *
 * @param {string} day
 * @param {number} minutes
 */
export function wallAt(day, minutes) {
  return new Date(Date.parse(`${day}T00:00Z`) + minutes * 60_000).toISOString().slice(0, 16)
}
