import { Alert } from '@mantine/core'
import type { Provider } from '../answers.ts'
import { runSummary, words } from '../words.ts'
import { BannerClose } from './banner-close.tsx'
import type { WatchedRun } from './use-watched-run.ts'

/** What a run did, when it is over. A failed one is told by the provider's problem instead. */
export function RunBanner({ provider, watched }: { provider: Provider; watched: WatchedRun }) {
  const run = watched.ended
  if (!run || run.outcome === 'failed' || run.outcome === null) return null
  const completed = run.outcome === 'completed'
  const title = completed ? words.runCompleted(run.number) : words.runSkipped(run.number)
  return (
    <Alert
      id={`provider-${provider.id}-banner`}
      role="status"
      color={completed ? 'green' : 'gray'}
      py="xs"
      pr={44}
      pos="relative"
      title={title}
    >
      {completed && runSummary(run)}
      <BannerClose
        id={`provider-${provider.id}-banner-close`}
        label={words.closeMessage(title, provider.name)}
        onClose={watched.dismiss}
      />
    </Alert>
  )
}
