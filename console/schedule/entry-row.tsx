import { Badge, Group, Text, Tooltip } from '@mantine/core'
import type { ReactElement } from 'react'
import type { Entry, Mapping, Provider } from '../answers.ts'
import { mappingStates, vendorNames, words } from '../words.ts'
import { showOwnTimes, showTimes } from './show-day.ts'
import type { Source } from './sources.ts'

const stateColors: Record<Mapping['state'], string> = {
  creating: 'indigo',
  active: 'teal',
  conflict: 'red',
  unsupported: 'orange',
  withdrawing: 'indigo',
  retired: 'gray',
}

/** One entry: when, what, where from, and how it stands in each calendar. */
export function EntryRow(given: { entry: Entry; providers: Provider[]; source: Source | null }) {
  const { entry, providers, source } = given
  const ownTimes = showOwnTimes(entry)
  const isConflict = entry.mappings.some(({ state }) => state === 'conflict')
  return (
    <article className="entry" aria-label={entry.title || words.untitled}>
      <Text size="sm" c="dimmed" component="time" dateTime={entry.start} title={ownTimes ?? undefined}>
        {showTimes(entry)}
      </Text>
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
            {entry.title || words.untitled}
          </Text>
          {isConflict && (
            <Tooltip label={words.conflictAbout} multiline maw={320}>
              <Badge color="red" size="sm" tt="none">
                {words.conflict}
              </Badge>
            </Tooltip>
          )}
        </Group>
        {entry.location && (
          <Text size="xs" c="dimmed" truncate>
            {entry.location}
          </Text>
        )}
      </div>
      <Group gap={6}>
        {source && <SourceBadge source={source} />}
        {entry.mappings.length === 0 && <State color="gray" text={words.notMapped} hint={null} />}
        {inOrderOf(providers, entry.mappings).map((mapping) => (
          <MappingState
            key={mapping.providerId}
            mapping={mapping}
            provider={providers.find(({ id }) => id === mapping.providerId)}
            isOnlyOfVendor={isOnlyOfVendor(providers, mapping.providerId)}
          />
        ))}
      </Group>
    </article>
  )
}

/** Each calendar has its place in every row. */
function inOrderOf(providers: Provider[], mappings: Entry['mappings']): Entry['mappings'] {
  const place = ({ providerId }: Entry['mappings'][number]) =>
    providers.findIndex(({ id }) => id === providerId)
  return mappings.toSorted((one, other) => place(one) - place(other))
}

function isOnlyOfVendor(providers: Provider[], providerId: string): boolean {
  const vendor = providers.find(({ id }) => id === providerId)?.vendor
  return providers.filter((provider) => provider.vendor === vendor).length === 1
}

function SourceBadge({ source }: { source: Source }): ReactElement {
  const isOurs = source.kind === 'schedule'
  return (
    <Tooltip label={words.sourceAbout(isOurs ? words.fromSchedule : source.name)}>
      <Badge variant="outline" color="gray" size="sm" tt="none" fw={500}>
        {isOurs ? words.fromSchedule : vendorNames[source.vendor]}
      </Badge>
    </Tooltip>
  )
}

function MappingState({
  mapping,
  provider,
  isOnlyOfVendor,
}: {
  mapping: Entry['mappings'][number]
  provider: Provider | undefined
  isOnlyOfVendor: boolean
}) {
  const shortName = provider && (isOnlyOfVendor ? vendorNames[provider.vendor] : provider.name)
  const name = shortName ?? mapping.providerId.slice(0, 8)
  const state = mappingStates[mapping.state]
  const hint = [words.stateIn(provider?.name ?? mapping.providerId, state), mapping.reason]
  return (
    <State
      color={stateColors[mapping.state]}
      text={words.stateIn(name, state)}
      hint={hint.filter(Boolean).join('. ')}
    />
  )
}

function State({ color, text, hint }: { color: string; text: string; hint: string | null }) {
  const badge = (
    <Badge variant="dot" color={color} size="sm" tt="none" fw={500}>
      {text}
    </Badge>
  )
  return hint === null ? badge : <Tooltip label={hint}>{badge}</Tooltip>
}
