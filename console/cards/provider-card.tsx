import { Badge, Card, Group, Loader, Stack, Text, Title } from '@mantine/core'
import type { Provider } from '../answers.ts'
import { statuses, words } from '../words.ts'
import { AuthorizeButton } from './authorize-button.tsx'
import { ProviderFacts } from './provider-facts.tsx'
import { ProviderProblem } from './provider-problem.tsx'
import { RunBanner } from './run-banner.tsx'
import { SyncNow } from './sync-now.tsx'
import { useWatchedRun } from './use-watched-run.ts'
import { VendorMark } from './vendor-mark.tsx'

const statusColors: Record<Provider['status'], string> = {
  unauthorized: 'gray',
  paused: 'gray',
  disabled: 'gray',
  'reauthorization-required': 'orange',
  syncing: 'indigo',
  error: 'red',
  'paused-by-conflict': 'orange',
  'deletions-held': 'orange',
  connected: 'teal',
}

/** One connected calendar at a glance, and what one does with it. */
export function ProviderCard({ provider, mayChange }: { provider: Provider; mayChange: boolean }) {
  const watched = useWatchedRun(provider)
  const { id, name, vendor } = provider
  // The run of this very moment is told before the next poll of the providers tells it.
  const status = watched.isOpen && provider.status === 'connected' ? 'syncing' : provider.status
  return (
    <Card component="article" withBorder padding="lg" aria-labelledby={`provider-${id}-name`}>
      <Stack gap="md" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <VendorMark vendor={vendor} />
            <div style={{ minWidth: 0 }}>
              <Title order={2} size="h4" id={`provider-${id}-name`} lineClamp={2}>
                {name}
              </Title>
              <Text size="sm" c="dimmed" truncate>
                {words.calendarOf(provider.accountEmail, provider.calendarId)}
              </Text>
            </div>
          </Group>
          {watched.isOpen && (
            <Badge
              id={`provider-${id}-running`}
              variant="light"
              tt="none"
              style={{ flexShrink: 0 }}
              leftSection={<Loader size={10} aria-hidden />}
              title={provider.run ? words.runUnderWay(provider.run) : undefined}
            >
              {words.syncing}
            </Badge>
          )}
        </Group>
        <RunBanner provider={provider} watched={watched} />
        <ProviderProblem provider={provider} />
        <ProviderFacts
          provider={provider}
          status={
            <Badge id={`provider-${id}-status`} color={statusColors[status]} variant="light" tt="none">
              {statuses[status]}
            </Badge>
          }
        />
        <Group mt="auto" gap="sm">
          <SyncNow provider={provider} watched={watched} mayChange={mayChange} />
          <AuthorizeButton provider={provider} mayChange={mayChange} idPrefix="provider" />
        </Group>
      </Stack>
    </Card>
  )
}
