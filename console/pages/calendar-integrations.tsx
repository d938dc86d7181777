import { Alert, Breadcrumbs, Button, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { setQuery, useAddress } from '../address.ts'
import type { Vendor } from '../answers.ts'
import { useNow } from '../clock.ts'
import { Message } from '../message.tsx'
import { AddProvider } from '../cards/add-provider.tsx'
import { ProviderCard } from '../cards/provider-card.tsx'
import { useProviders } from '../queries.ts'
import { Schedule } from '../schedule/schedule.tsx'
import { showRelative } from '../times.ts'
import { words } from '../words.ts'

const addNames: Record<Vendor, string> = { google: 'google', microsoft: 'outlook' }

/** Settings → Calendar Integrations: the connected calendars, and what they are kept the same as. */
export function CalendarIntegrations({ role }: { role: 'admin' | 'operator' | 'member' }) {
  const providers = useProviders()
  const { query } = useAddress()
  const mayChange = role !== 'member'
  const adding = vendors.find((vendor) => addNames[vendor] === query.get('add'))
  return (
    <Stack gap="lg" maw={1280} mx="auto">
      <Group justify="space-between" align="flex-end">
        <div>
          <Breadcrumbs separator="→">
            <Text size="sm" c="dimmed">
              {words.settings}
            </Text>
            <Text size="sm" c="dimmed">
              {words.calendarIntegrations}
            </Text>
          </Breadcrumbs>
          <Title order={1} size="h2" mt={4}>
            {words.calendarIntegrations}
          </Title>
          <Text c="dimmed" size="sm">
            {words.calendarIntegrationsAbout}
          </Text>
        </div>
        <Group gap="sm">
          {vendors.map((vendor) => (
            <Button
              key={vendor}
              id={`add-${addNames[vendor]}-calendar`}
              variant="default"
              leftSection={<span aria-hidden>+</span>}
              disabled={!mayChange}
              onClick={() => setQuery({ add: addNames[vendor], added: null })}
            >
              {words.addCalendar(vendor)}
            </Button>
          ))}
        </Group>
      </Group>
      {providers.data && providers.error && (
        <StaleNotice message={providers.error.message} since={providers.dataUpdatedAt} />
      )}
      <Cards providers={providers}>
        {(provider) => <ProviderCard key={provider.id} provider={provider} mayChange={mayChange} />}
      </Cards>
      <Schedule providers={providers.data?.items ?? []} />
      {adding && <AddProvider key={adding} vendor={adding} />}
    </Stack>
  )
}

const vendors = ['google', 'microsoft'] as const satisfies Vendor[]

type Providers = ReturnType<typeof useProviders>

function Cards({
  providers,
  children,
}: {
  providers: Providers
  children: (provider: NonNullable<Providers['data']>['items'][number]) => ReactNode
}) {
  if (!providers.data) {
    if (providers.error) {
      return <Message title={words.couldNotLoad} text={providers.error.message} tone="red" />
    }
    return (
      <SimpleGrid cols={{ base: 1, lg: 2 }} aria-label={words.loading} role="status">
        <Skeleton h={300} />
        <Skeleton h={300} />
      </SimpleGrid>
    )
  }
  if (providers.data.items.length === 0) {
    return <Message title={words.noProviders} text={words.noProvidersAbout} />
  }
  return <SimpleGrid cols={{ base: 1, lg: 2 }}>{providers.data.items.map(children)}</SimpleGrid>
}

/** Polling fails: what is shown may be old, and says so. */
function StaleNotice({ message, since }: { message: string; since: number }) {
  const now = useNow()
  return (
    <Alert color="yellow" title={message} role="alert">
      {words.outOfDate(showRelative(new Date(since).toISOString(), now))}
    </Alert>
  )
}
