/** The backgrounds of Google's classic calendar colours, by their id less one. */
const calendarBackgrounds = [
  '#ac725e',
  '#d06b64',
  '#f83a22',
  '#fa573c',
  '#ff7537',
  '#ffad46',
  '#42d692',
  '#16a765',
  '#7bd148',
  '#b3dc6c',
  '#fbe983',
  '#fad165',
  '#92e1c0',
  '#9fe1e7',
  '#9fc6e7',
  '#4986e7',
  '#9a9cff',
  '#b99aff',
  '#c2c2c2',
  '#cabdbf',
  '#cca6ac',
  '#f691b2',
  '#cd74e6',
  '#a47ae2',
]

const eventBackgrounds = [
  '#a4bdfc',
  '#7ae7bf',
  '#dbadff',
  '#ff887c',
  '#fbd75b',
  '#ffb878',
  '#46d6db',
  '#e1e1e1',
  '#5484ed',
  '#51b749',
  '#dc2127',
]

export interface Colors {
  colorId: string
  backgroundColor: string
  foregroundColor: string
}

/** The answer to `GET /colors`. */
export function allColors() {
  const palette = (backgrounds: string[]) =>
    Object.fromEntries(
      backgrounds.map((background, index) => [`${index + 1}`, { background, foreground: '#1d1d1d' }]),
    )
  return {
    kind: 'calendar#colors',
    updated: '2012-02-14T00:00:00.000Z',
    calendar: palette(calendarBackgrounds),
    event: palette(eventBackgrounds),
  }
}

/** What a calendar's colour id stands for; nothing when there is none of that id. */
export function colorsOf(colorId: string): Colors | undefined {
  const backgroundColor = /^\d{1,2}$/.test(colorId) ? calendarBackgrounds[Number(colorId) - 1] : undefined
  return backgroundColor === undefined ? undefined : { colorId, backgroundColor, foregroundColor: '#000000' }
}

/** The colour that the calendar of a number in somebody's list begins with. */
export function startingColors(number: number): Colors {
  const index = (number + 13) % calendarBackgrounds.length
  return {
    colorId: `${index + 1}`,
    backgroundColor: calendarBackgrounds[index] ?? '#9fe1e7',
    foregroundColor: '#000000',
  }
}

/** The id of the palette's colour that comes nearest to one written as `#rrggbb`. */
export function nearestColorId(color: string): string {
  const distances = calendarBackgrounds.map((known) => distance(known, color))
  return `${distances.indexOf(Math.min(...distances)) + 1}`
}

function distance(one: string, other: string): number {
  const [a, b] = [channels(one), channels(other)]
  return a.reduce((sum, value, index) => sum + (value - (b[index] ?? 0)) ** 2, 0)
}

function channels(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
}
