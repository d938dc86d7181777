import type { Account } from '../../accounts.ts'
import type { OwnCall } from '../../own-calls.ts'
import type { Repeat } from './repeat.ts'
import type { Times } from './times.ts'

/** An event, or one occurrence of a series, as a calendar shows it; times are wall times of the account's zone. */
export interface Shown extends Times {
  calendarId: string
  id: string
  title: string
  location: string
  /** A series as such is shown in lists only; in a calendar it is its occurrences. */
  kind: 'single' | 'series' | 'occurrence'
  isFree: boolean
  isPrivate: boolean
  answer: Answer
}

/** What the form holds. */
export interface Draft {
  title: string
  times: Times
  location: string
  notes: string
  repeat: Repeat
  isFree: boolean
  isPrivate: boolean
  /** Email addresses. */
  guests: string[]
}

/** The account's own answer to an invitation; `own` when it invited or nobody is invited. */
export type Answer = 'own' | 'none' | 'accepted' | 'tentative' | 'declined'

export interface Guest {
  email: string
  answer: Answer
}

/** One event opened: the form's contents and what belongs to them. */
export interface Opened {
  calendarId: string
  id: string
  /** The series an occurrence belongs to; nothing for a single event and for a series itself. */
  seriesId: string | null
  draft: Draft
  guests: Guest[]
  organizer: string
  answer: Answer
}

/** Which part of a series a change is for. */
export const scopes = ['this', 'following', 'all'] as const
export type Scope = (typeof scopes)[number]

/** A change to what was opened: only what differs is in it. */
export interface Change {
  opened: Opened
  changes: Partial<Draft>
  scope: Scope
}

export interface CalendarInfo {
  id: string
  name: string
  primary: boolean
}

/** A call that an app could make, in words a person understands. */
export interface Question {
  name: string
  label: string
  call: OwnCall
}

/** What an account's owner does at the vendor's own screen. Failures arrive as Refusal. */
export interface Owner {
  account: Account
  /** The calendars in the account's list, its main one among them. */
  calendars(): Promise<CalendarInfo[]>
  /** What a calendar shows from one day to another, the last one excluded. */
  between(calendarId: string, from: string, to: string): Promise<Shown[]>
  /** Single events, series and their exceptions, as many as the vendor gives on one page. */
  all(calendarId: string): Promise<Shown[]>
  open(calendarId: string, id: string): Promise<Opened>
  add(calendarId: string, draft: Draft, tellsGuests: boolean): Promise<void>
  change(change: Change, tellsGuests: boolean): Promise<void>
  remove(opened: Opened, scope: Scope, tellsGuests: boolean): Promise<void>
  /** Answers an invitation: to the opened occurrence alone, or to its whole series. */
  respond(opened: Opened, answer: Answer, scope: Scope): Promise<void>
  questionsOf(opened: Opened): Question[]
  questionsAbout(calendarId: string, from: string, to: string): Question[]
}
