/**
 * What was made of objects that never change, while they are in use. What is remembered weighs no more than twice
 * `weightMin`: when it weighs that much, what was not asked for lately is forgotten.
 */
export class Remembered<K extends object, V> {
  readonly #weightMin: number
  readonly #weigh: (value: V) => number
  #recent = new WeakMap<K, V>()
  #earlier = new WeakMap<K, V>()
  #weight = 0

  /** Without a word on it every value weighs one. */
  constructor(weightMin: number, weigh: (value: V) => number = () => 1) {
    this.#weightMin = weightMin
    this.#weigh = weigh
  }

  find(key: K): V | undefined {
    return this.#recent.get(key) ?? this.#revive(key)
  }

  /** What was made of the key, made now if it is not remembered. */
  of(key: K, make: () => V): V {
    const found = this.find(key)
    if (found !== undefined) return found
    const value = make()
    this.keep(key, value)
    return value
  }

  /** Remembers a value in the place of what was made of the key before. */
  keep(key: K, value: V): void {
    if (this.#weight >= this.#weightMin) {
      this.#earlier = this.#recent
      this.#recent = new WeakMap()
      this.#weight = 0
    }
    this.#recent.set(key, value)
    this.#weight += this.#weigh(value)
  }

  #revive(key: K): V | undefined {
    const value = this.#earlier.get(key)
    if (value !== undefined) this.keep(key, value)
    return value
  }
}
