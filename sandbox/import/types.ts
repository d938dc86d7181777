/** A VEVENT, understood. */
export interface ImportedEvent {
  uid: string
  summary: string
  description: string | undefined
  location: string | undefined
  isFree: boolean
  isPrivate: boolean
  isCancelled: boolean
  isAllDay: boolean
  start: ImportedTime
  end: ImportedTime
  /** RRULE, RDATE and EXDATE lines as they stood. */
  lines: string[]
  /** Which occurrence of its series this one replaces. */
  replaces: ImportedTime | undefined
}

export interface ImportedTime {
  /** YYYY-MM-DDTHH:MM:SS, or a date alone. */
  wall: string
  zone: string
}

export interface ImportReport {
  imported: number
  series: number
  overrides: number
  skipped: { uid: string; reason: string }[]
  mended: Record<string, number>
}

/** Why one VEVENT cannot be kept; the others go on. */
export class Unusable extends Error {
  override readonly name = 'Unusable'
}
