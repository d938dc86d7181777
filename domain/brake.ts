/** The side of a pair that loses an event because the other side lost it: entries go, or events at the vendor. */
export type LosingSide = 'schedule' | 'external'

/** How much one side may lose within the span before a person is asked: it takes more than both. */
export interface BrakeLimits {
  events: number
  /** Of the provider's mapped events. */
  percent: number
}

export const defaultBrakeLimits: BrakeLimits = { events: 20, percent: 25 }

/** Losses are counted over a day, not per look: small steps add up. */
export const brakeSpanMs = 86_400_000

/** Whether a side that held `mapped` events before would lose more than both limits allow. */
export const isTooMuch = (lost: number, mapped: number, limits: BrakeLimits): boolean =>
  lost > limits.events && lost * 100 > mapped * limits.percent
