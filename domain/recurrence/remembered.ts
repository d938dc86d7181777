/** More than a page of a calendar or a batch of decisions asks about; some 500 KB. */
const keptMax = 1024

/**
 * The same function, keeping its last answers by the key of what was asked. For answers that depend on nothing else and are
 * never changed: one event is asked about when it is read, when it is decided and when it is stored. What throws is not kept.
 */
export function remembered<Asked extends unknown[], Answer>(
  answer: (...asked: Asked) => Answer,
  keyOf: (...asked: Asked) => string,
): (...asked: Asked) => Answer {
  const kept = new Map<string, { answer: Answer }>()
  return (...asked) => {
    const key = keyOf(...asked)
    const known = kept.get(key) ?? { answer: answer(...asked) }
    // The last one asked for goes to the end; the first is forgotten.
    kept.delete(key)
    kept.set(key, known)
    const [oldest] = kept.keys()
    if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
    return known.answer
  }
}
