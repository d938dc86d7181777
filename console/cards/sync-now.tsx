import { Alert, Button, Loader } from '@mantine/core'
import type { Provider } from '../answers.ts'
import { useSyncNow } from '../queries.ts'
import { words } from '../words.ts'
import { BannerClose } from './banner-close.tsx'
import type { WatchedRun } from './use-watched-run.ts'

/** Asks for a run; busy for as long as the server says that one is open. */
export function SyncNow(given: { provider: Provider; watched: WatchedRun; mayChange: boolean }) {
  const { provider, watched } = given
  const { id, name } = provider
  const request = useSyncNow(id)
  const isRunning = watched.isOpen || request.isPending
  const canSync =
    given.mayChange && provider.authorization === 'connected' && provider.enabled && !provider.paused
  const start = () =>
    request.mutate(undefined, {
      onSuccess: ({ run }) => watched.watch(run.id),
    })
  return (
    <>
      {request.error && (
        <Alert
          id={`provider-${id}-not-started`}
          role="alert"
          color="red"
          w="100%"
          py="xs"
          pr={44}
          pos="relative"
          title={words.syncNotStarted}
        >
          {request.error.message}
          <BannerClose
            id={`provider-${id}-not-started-close`}
            label={words.closeMessage(words.syncNotStarted, name)}
            onClose={() => request.reset()}
          />
        </Alert>
      )}
      <Button
        id={`provider-${id}-sync`}
        aria-label={isRunning ? words.syncingOf(name) : words.syncNowOf(name)}
        disabled={!canSync || isRunning}
        leftSection={isRunning ? <Loader size={14} color="gray" aria-hidden /> : undefined}
        onClick={start}
      >
        {isRunning ? words.syncing : words.syncNow}
      </Button>
    </>
  )
}
