/**
 * Records by key that know which of them changed since they were last kept. A record is replaced and never edited in
 * place, since an edit would go unnoticed.
 */
export class Records<V> extends Map<string, V> {
  readonly #changed = new Set<string>()

  constructor(entries: Iterable<readonly [string, V]> = []) {
    super()
    for (const [key, value] of entries) this.set(key, value)
  }

  override set(key: string, value: V): this {
    this.#changed.add(key)
    return super.set(key, value)
  }

  override delete(key: string): boolean {
    this.#changed.add(key)
    return super.delete(key)
  }

  override clear(): void {
    for (const key of this.keys()) this.#changed.add(key)
    super.clear()
  }

  changedKeys(): Iterable<string> {
    return this.#changed.values()
  }

  /** What changed until now is kept. */
  settle(): void {
    this.#changed.clear()
  }
}
