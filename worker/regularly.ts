/**
 * Does something every so often until it is stopped. A turn that takes longer is not overtaken; one that fails is told of, and the
 * next one comes all the same.
 */
export function regularly(
  everyMs: number,
  work: () => Promise<unknown>,
  failed: (error: unknown) => void,
): { stop(): void } {
  let isAtWork = false
  const turn = async () => {
    if (isAtWork) return
    isAtWork = true
    try {
      await work()
    } catch (error) {
      failed(error)
    } finally {
      isAtWork = false
    }
  }
  const timer = setInterval(() => void turn(), everyMs)
  return { stop: () => clearInterval(timer) }
}
