import { useState } from 'react'
import type { Provider, Run } from '../answers.ts'
import { useRun } from '../queries.ts'

export interface WatchedRun {
  /** A run is open, as the server last said. */
  isOpen: boolean
  /** The last run that ended while we watched, until somebody has read its message. */
  ended: Run | null
  watch: (runId: string) => void
  dismiss: () => void
}

/** Follows the provider's open run, whoever asked for it, to its end, so that its outcome can be told. */
export function useWatchedRun(provider: Provider): WatchedRun {
  const [watchedId, setWatchedId] = useState<string | null>(provider.run?.id ?? null)
  const openId = provider.run?.id ?? null
  const { data: run } = useRun(watchedId)
  const hasEnded = run !== undefined && run.outcome !== null
  // The list of providers may be older than what we know of the run itself.
  const isNews = openId !== null && openId !== watchedId
  if (isNews) setWatchedId(openId)

  return {
    isOpen: isNews || (watchedId !== null && !hasEnded),
    ended: hasEnded ? run : null,
    watch: setWatchedId,
    dismiss: () => setWatchedId(null),
  }
}
