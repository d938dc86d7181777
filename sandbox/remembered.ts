/**
 * What was made of objects that never change, while they are in use. No more than twice `countMin` are remembered: when
 * there are that many, those that were not asked for lately are forgotten.
 */
export class Remembered<K extends object, V> {
  readonly #countMin: number
  #recent = new WeakMap<K, V>()
  #earlier = new WeakMap<K, V>()
  #count = 0

  constructor(countMin: number) {
    this.#countMin = countMin
  }

  find(key: K): V | undefined {
    return this.#recent.get(key) ?? this.#revive(key)
  }

  /** What was made of the key, made now if it is not remembered. */
  of(key: K, make: () => V): V {
    const found = this.find(key)
    if (found !== undefined) return found
    const value = make()
    this.#keep(key, value)
    return value
  }

  #revive(key: K): V | undefined {
    const value = this.#earlier.get(key)
    if (value !== undefined) this.#keep(key, value)
    return value
  }

  #keep(key: K, value: V): void {
    if (this.#count >= this.#countMin) {
      this.#earlier = this.#recent
      this.#recent = new WeakMap()
      this.#count = 0
    }
    this.#recent.set(key, value)
    this.#count += 1
  }
}
