import { addDays } from '../../zones.ts'
import type { Shown } from './owner.ts'
import { clockOf, dayOf, isLong } from './times.ts'

/** A piece of a timed event within one day, beside those it overlaps with. */
export interface Block {
  event: Shown
  /** Minutes after midnight. */
  fromMinute: number
  toMinute: number
  lane: number
  lanes: number
}

const minutesOfDay = 1440
/** Shorter events are drawn this long, so that they can be read and hit. */
const shownMinutesMin = 25
const lanesMax = 8

/** Lays the timed events of a day side by side where they overlap. */
export function layOutDay(day: string, events: Shown[]): Block[] {
  const pieces = events.flatMap((event) => pieceOf(day, event)).toSorted(byTime)
  const blocks: Block[] = []
  let cluster: Block[] = []
  let clusterEnd = 0
  const settle = (): void => {
    const lanes = Math.max(...cluster.map(({ lane }) => lane + 1))
    for (const block of cluster) blocks.push({ ...block, lanes })
    cluster = []
  }
  for (const piece of pieces) {
    if (cluster.length > 0 && piece.fromMinute >= clusterEnd) settle()
    if (cluster.length === 0) clusterEnd = 0
    cluster.push({ ...piece, lane: laneFor(piece, cluster), lanes: 1 })
    clusterEnd = Math.max(clusterEnd, piece.toMinute)
  }
  if (cluster.length > 0) settle()
  return blocks
}

type Piece = Pick<Block, 'event' | 'fromMinute' | 'toMinute'>

function pieceOf(day: string, event: Shown): Piece[] {
  const next = addDays(day, 1)
  if (isLong(event) || event.start >= next || (event.end <= day && dayOf(event.start) !== day)) return []
  const fromMinute = dayOf(event.start) < day ? 0 : minuteOf(event.start)
  const toMinute = dayOf(event.end) > day ? minutesOfDay : minuteOf(event.end)
  if (toMinute === 0 && dayOf(event.start) !== day) return []
  const from = Math.min(fromMinute, minutesOfDay - shownMinutesMin)
  return [{ event, fromMinute: from, toMinute: Math.max(toMinute, from + shownMinutesMin) }]
}

function laneFor(piece: Piece, cluster: Block[]): number {
  const taken = new Set(cluster.filter(({ toMinute }) => toMinute > piece.fromMinute).map(({ lane }) => lane))
  for (let lane = 0; lane < lanesMax; lane += 1) if (!taken.has(lane)) return lane
  return lanesMax - 1
}

function minuteOf(wall: string): number {
  const [hours, minutes] = clockOf(wall).split(':')
  return Number(hours) * 60 + Number(minutes)
}

function byTime(a: Piece, b: Piece): number {
  return a.fromMinute - b.fromMinute || b.toMinute - a.toMinute || (a.event.id < b.event.id ? -1 : 1)
}
