/** What was observed, oldest first and numbered; the oldest is forgotten when there is too much. */
export class Log<T> {
  readonly #max: number
  #records: T[] = []
  /** The number of the oldest record. */
  #first = 1

  constructor(max: number) {
    this.#max = max
  }

  push(record: T): void {
    this.#records.push(record)
    // Not at every record, since each time all others move.
    const tooMany = this.#records.length - this.#max
    if (tooMany > this.#max / 10) this.#forget(tooMany)
  }

  clear(): void {
    this.#forget(this.#records.length)
  }

  /** The records after the one of a number; 0 is before all. */
  *after(number: number): Generator<{ number: number; record: T }> {
    for (let index = Math.max(number - this.#first + 1, 0); index < this.#records.length; index += 1) {
      const record = this.#records[index]
      if (record !== undefined) yield { number: this.#first + index, record }
    }
  }

  /** The records, newest first. */
  *newest(): Generator<{ number: number; record: T }> {
    for (let index = this.#records.length - 1; index >= 0; index -= 1) {
      const record = this.#records[index]
      if (record !== undefined) yield { number: this.#first + index, record }
    }
  }

  #forget(count: number): void {
    this.#records.splice(0, count)
    this.#first += count
  }
}
