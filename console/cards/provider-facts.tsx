import { Badge, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Provider } from '../answers.ts'
import { Moment } from '../moment.tsx'
import { authorizations, directions, subscriptionStates, words } from '../words.ts'
import { UnsupportedEvents } from './unsupported-events.tsx'

const authorizationColors: Record<Provider['authorization'], string> = {
  connected: 'teal',
  unauthorized: 'gray',
  'reauthorization-required': 'orange',
}

/** The card's labelled facts. */
export function ProviderFacts({ provider, status }: { provider: Provider; status: ReactNode }) {
  const notifiedAt = provider.subscription?.lastNotificationAt
  return (
    <dl className="facts">
      <dt>{words.connectionStatus}</dt>
      <dd>{status}</dd>
      <dt>{words.oauth}</dt>
      <dd>
        <Badge
          id={`provider-${provider.id}-oauth`}
          color={authorizationColors[provider.authorization]}
          variant="light"
          tt="none"
        >
          {authorizations[provider.authorization]}
        </Badge>
      </dd>
      <dt>{words.lastSync}</dt>
      <dd id={`provider-${provider.id}-last-sync`}>
        {provider.lastSyncAt ? <Moment at={provider.lastSyncAt} /> : words.never}
      </dd>
      <dt>{words.syncDirection}</dt>
      <dd>{directions[provider.direction]}</dd>
      <dt>{words.subscription}</dt>
      <dd>
        <Subscription provider={provider} />
      </dd>
      <dt>{words.lastNotification}</dt>
      <dd>{notifiedAt ? <Moment at={notifiedAt} /> : words.never}</dd>
      <dt>{words.events}</dt>
      <dd>
        <Counts provider={provider} />
      </dd>
    </dl>
  )
}

function Subscription({ provider: { subscription } }: { provider: Provider }) {
  if (!subscription) return subscriptionStates.none
  const { state, expiresAt } = subscription
  return (
    <Group gap={6}>
      <span>{subscriptionStates[state]}</span>
      {expiresAt && (
        <Text size="sm" c="dimmed" component="span">
          <Moment at={expiresAt} say={words.expires} />
        </Text>
      )}
    </Group>
  )
}

/** What there is always, and what there is of trouble only when there is any. */
function Counts({ provider }: { provider: Provider }) {
  const { mapped, conflicts, unsupported, creating, quarantined, waiting } = provider.counts
  return (
    <Group gap={6}>
      <Count text={words.mapped(mapped)} />
      <Count text={words.conflicts(conflicts)} color={conflicts > 0 ? 'red' : 'gray'} />
      {unsupported > 0 ? (
        <UnsupportedEvents provider={provider} />
      ) : (
        <Count text={words.unsupported(unsupported)} />
      )}
      {creating > 0 && <Count text={words.creating(creating)} color="indigo" />}
      {waiting > 0 && <Count text={words.waiting(waiting)} color="indigo" />}
      {quarantined > 0 && <Count text={words.quarantined(quarantined)} color="orange" />}
    </Group>
  )
}

function Count({ text, color = 'gray' }: { text: string; color?: string }) {
  return (
    <Badge variant="light" color={color} tt="none" fw={500}>
      {text}
    </Badge>
  )
}
