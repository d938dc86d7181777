import { rowMinutes } from './calendar/week-view.ts'

const rowsOfDay = 1440 / rowMinutes
const lanesMax = 12

/** Where things stand in the grids is said by classes, since no page carries styles of its own. */
export function gridRules(): string {
  return [...hourRules(), ...laneRules(), ...monthRules()].join('\n')
}

function* hourRules(): Generator<string> {
  for (let row = 0; row <= rowsOfDay; row += 1) {
    yield `.from-${row}{grid-row-start:${row + 1}}.to-${row}{grid-row-end:${row + 1}}`
  }
}

/** Blocks that overlap share the width of their day. */
function* laneRules(): Generator<string> {
  for (let lanes = 1; lanes <= lanesMax; lanes += 1) {
    const width = 100 / lanes
    for (let lane = 0; lane < lanes; lane += 1) {
      yield `.lane-${lane}-of-${lanes}{margin-left:${(lane * width).toFixed(3)}%;width:${width.toFixed(3)}%}`
    }
  }
}

function* monthRules(): Generator<string> {
  for (let column = 0; column < 7; column += 1) {
    yield `.column-${column}{grid-column-start:${column + 1}}.span-${column + 1}{grid-column-end:span ${column + 1}}`
  }
  for (let row = 0; row < lanesMax; row += 1) yield `.row-${row}{grid-row:${row + 2}}`
  for (let lanes = 1; lanes <= lanesMax; lanes += 1) yield `.lanes-${lanes}{--lanes:${lanes}}`
}
