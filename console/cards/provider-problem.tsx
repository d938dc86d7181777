import { Alert, Button, Group, Text } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import type { Provider } from '../answers.ts'
import { Moment } from '../moment.tsx'
import { words } from '../words.ts'

/** The last failure, word for word as the server has it, until the next healthy run. */
export function ProviderProblem({ provider }: { provider: Provider }) {
  const { error } = provider
  const clipboard = useClipboard()
  if (!error) return null
  return (
    <Alert
      id={`provider-${provider.id}-problem`}
      role="alert"
      color="red"
      py="xs"
      title={words.problemTitle(error.code)}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {error.message}
      </Text>
      <Group justify="space-between" mt={6} wrap="nowrap">
        <Text size="xs" c="dimmed" component="div">
          {error.requestId && `${words.requestId(error.requestId)} · `}
          <Moment at={error.at} />
        </Text>
        <Button
          id={`provider-${provider.id}-copy-error`}
          size="compact-xs"
          variant="outline"
          color="red"
          style={{ flexShrink: 0 }}
          aria-label={words.copyOf(provider.name)}
          onClick={() => clipboard.copy(words.problemText(provider, error))}
        >
          {clipboard.error ? words.copyFailed : clipboard.copied ? words.copied : words.copy}
        </Button>
      </Group>
    </Alert>
  )
}
