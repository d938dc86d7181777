import { Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMemo } from 'react'
import type { Provider } from '../answers.ts'
import { useNow } from '../clock.ts'
import { Message } from '../message.tsx'
import { useEntries, useMappings } from '../queries.ts'
import { words } from '../words.ts'
import { EntryRow } from './entry-row.tsx'
import { dateOf, dayFrom, groupByDay } from './schedule-days.ts'
import { showDay, viewerZone } from './show-day.ts'
import { sourcesOf } from './sources.ts'

/** The application's entries from a week ago to two months ahead, by day. */
export function Schedule({ providers }: { providers: Provider[] }) {
  const today = dateOf(useNow(30_000))
  const now = useMemo(() => new Date(`${today}T00:00:00`), [today])
  const entries = useEntries(dayFrom(now, -7).toISOString(), dayFrom(now, 61).toISOString())
  const items = entries.data?.items
  return (
    <section id="schedule" aria-labelledby="schedule-title">
      <Group justify="space-between" align="baseline" mb="sm">
        <div>
          <Title order={2} size="h3" id="schedule-title">
            {words.schedule}
          </Title>
          <Text c="dimmed" size="sm">
            {words.scheduleAbout(viewerZone)}
          </Text>
        </div>
        {items && (
          <Text c="dimmed" size="sm" role="status">
            {words.entryCount(items.length)}
          </Text>
        )}
      </Group>
      <Days entries={entries} providers={providers} now={now} />
    </section>
  )
}

function Days(given: { entries: ReturnType<typeof useEntries>; providers: Provider[]; now: Date }) {
  const { entries, providers, now } = given
  const mappings = useMappings()
  if (!entries.data) {
    if (entries.error) return <Message title={words.couldNotLoad} text={entries.error.message} tone="red" />
    return (
      <Stack gap="xs" role="status" aria-label={words.loading}>
        {[0, 1, 2].map((row) => (
          <Skeleton key={row} h={48} />
        ))}
      </Stack>
    )
  }
  if (entries.data.items.length === 0) {
    return <Message title={words.noEntries} text={words.noEntriesAbout} />
  }
  const sourceOf = sourcesOf(mappings.data, providers)
  const today = dateOf(now)
  return (
    <Stack gap="md">
      {groupByDay(entries.data.items).map(({ date, entries }) => (
        <section key={date} aria-label={showDay(date, now)} className={date < today ? 'past' : undefined}>
          <Text size="sm" fw={600} mb={6} {...(date === today && { c: 'indigo' })}>
            {showDay(date, now)}
          </Text>
          <Paper withBorder>
            {entries.map((entry) => (
              <EntryRow
                key={`${entry.id} ${entry.originalStart}`}
                entry={entry}
                providers={providers}
                source={sourceOf(entry)}
              />
            ))}
          </Paper>
        </section>
      ))}
      {entries.data.nextCursor !== null && (
        <Text size="sm" c="dimmed">
          {words.moreEntries}
        </Text>
      )}
    </Stack>
  )
}
