import { AppShell, Burger, Button, Group, NavLink, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { BackgroundAlert } from './background-alert.tsx'
import { homePath, useAddress } from './address.ts'
import { useSignOut } from './queries.ts'
import { words } from './words.ts'

/** The frame of every page: product, tenant, sections. */
export function Shell({ tenant, children }: { tenant: string; children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const { path } = useAddress()
  const signOut = useSignOut()
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="lg"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              id="open-navigation"
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={words.openNavigation}
            />
            <img src="/icon.svg" alt="" width={28} height={28} />
            <Text fw={700}>{words.product}</Text>
          </Group>
          <Group gap="md" wrap="nowrap">
            <Text c="dimmed" size="sm" id="tenant-name">
              {tenant}
            </Text>
            <Button
              id="sign-out"
              variant="default"
              size="xs"
              loading={signOut.isPending}
              onClick={() => signOut.mutate()}
            >
              {words.signOut}
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={words.navigation}>
        <Text size="xs" fw={600} c="dimmed" px="sm" pt="xs" pb={4}>
          {words.settings}
        </Text>
        <NavLink
          id="to-calendar-integrations"
          href={homePath}
          label={words.calendarIntegrations}
          active={path === homePath}
          aria-current={path === homePath ? 'page' : undefined}
          onClick={close}
        />
        <NavLink id="to-schedule" href="#schedule" label={words.schedule} onClick={close} mt={4} />
        <NavLink id="to-api-docs" href="/docs" label={words.apiDocs} mt="auto" />
      </AppShell.Navbar>
      <AppShell.Main className="page">
        <BackgroundAlert />
        {children}
      </AppShell.Main>
    </AppShell>
  )
}
