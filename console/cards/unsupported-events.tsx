import { Button, List, Loader, Modal, Text } from '@mantine/core'
import { setQuery, useAddress } from '../address.ts'
import type { Provider } from '../answers.ts'
import { Message } from '../message.tsx'
import { useMappings } from '../queries.ts'
import { words } from '../words.ts'

/** The number of events that cannot be kept the same; opened, it says why. */
export function UnsupportedEvents({ provider }: { provider: Provider }) {
  const { query } = useAddress()
  const isOpen = query.get('unsupported') === provider.id
  const close = () => setQuery({ unsupported: null })
  return (
    <>
      <Button
        id={`provider-${provider.id}-unsupported`}
        size="compact-xs"
        radius="xl"
        variant="light"
        color="orange"
        onClick={() => setQuery({ unsupported: provider.id })}
      >
        {words.unsupported(provider.counts.unsupported)}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={`${words.unsupportedTitle}: ${provider.name}`}
        closeButtonProps={{ id: 'close-unsupported', 'aria-label': words.close }}
      >
        {isOpen && <Reasons providerId={provider.id} />}
      </Modal>
    </>
  )
}

/** Reasons with how many events have each, the commonest first. */
function Reasons({ providerId }: { providerId: string }) {
  const mappings = useMappings({ providerId, state: 'unsupported' })
  if (mappings.error && !mappings.data) {
    return <Message title={words.couldNotLoad} text={mappings.error.message} tone="red" />
  }
  if (!mappings.data) return <Loader size="sm" aria-label={words.loading} />
  const byReason = Map.groupBy(mappings.data.items, ({ reason }) => reason ?? words.noReason)
  if (byReason.size === 0) return <Text>{words.noneUnsupported}</Text>
  return (
    <List spacing="xs">
      {[...byReason]
        .sort(([, one], [, other]) => other.length - one.length)
        .map(([reason, events]) => (
          <List.Item key={reason}>
            {reason}{' '}
            <Text span size="sm" c="dimmed">
              {words.unsupportedSome(events.length)}
            </Text>
          </List.Item>
        ))}
    </List>
  )
}
