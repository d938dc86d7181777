import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  NativeSelect,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { setQuery, useAddress } from '../address.ts'
import type { NewProvider, Provider, Vendor } from '../answers.ts'
import { useAddProvider, useMembers, useProviders } from '../queries.ts'
import { authorizations, defaultCalendarIds, directions, words } from '../words.ts'
import { AuthorizeButton } from './authorize-button.tsx'

/** The form for another calendar; once saved it stays open for the consent. */
export function AddProvider({ vendor }: { vendor: Vendor }) {
  const { query } = useAddress()
  const providers = useProviders()
  const added = providers.data?.items.find(({ id }) => id === query.get('added'))
  const close = () => setQuery({ add: null, added: null })
  return (
    <Modal
      opened
      onClose={close}
      title={words.addCalendar(vendor)}
      closeButtonProps={{ id: 'add-close', 'aria-label': words.close }}
    >
      {added ? (
        <Added provider={added} onDone={close} />
      ) : (
        <Form vendor={vendor} onCancel={close} onAdded={({ id }) => setQuery({ added: id }, 'replace')} />
      )}
    </Modal>
  )
}

function Form(given: { vendor: Vendor; onCancel: () => void; onAdded: (provider: Provider) => void }) {
  const { vendor } = given
  const members = useMembers()
  const add = useAddProvider()
  const [nameMissing, setNameMissing] = useState(false)
  const people = members.data?.items.filter(({ active }) => active) ?? []

  function save(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const wish = readForm(new FormData(event.currentTarget), vendor)
    setNameMissing(wish.name === '')
    if (wish.name !== '') add.mutate(wish, { onSuccess: given.onAdded })
  }

  return (
    <form onSubmit={save} noValidate aria-label={words.addCalendar(vendor)}>
      <Stack gap="sm">
        <TextInput
          id="add-name"
          name="name"
          label={words.name}
          description={words.nameAbout}
          error={nameMissing ? words.nameMissing : undefined}
          maxLength={200}
          required
          data-autofocus
        />
        <NativeSelect
          id="add-member"
          name="memberId"
          label={words.member}
          description={members.data && people.length === 0 ? words.noMembers : words.memberAbout}
          data={people.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }))}
          disabled={people.length === 0}
        />
        <TextInput
          id="add-calendar-id"
          name="calendarId"
          label={words.calendarId}
          description={words.calendarIdAbout(vendor)}
          defaultValue={defaultCalendarIds[vendor]}
          maxLength={1024}
        />
        <NativeSelect
          id="add-direction"
          name="direction"
          label={words.syncDirection}
          data={Object.entries(directions).map(([value, label]) => ({ value, label }))}
        />
        <Switch
          id="add-enabled"
          name="enabled"
          label={words.enabled}
          description={words.enabledAbout}
          defaultChecked
        />
        {add.error && (
          <Alert color="red" role="alert" title={words.notSaved}>
            {add.error.message}
          </Alert>
        )}
        <Group justify="flex-end" mt="xs">
          <Button id="add-cancel" variant="default" onClick={given.onCancel}>
            {words.cancel}
          </Button>
          <Button id="add-save" type="submit" loading={add.isPending} disabled={people.length === 0}>
            {words.save}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function readForm(form: FormData, vendor: Vendor): NewProvider {
  const text = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const direction = (['inbound', 'outbound'] as const).find((one) => one === text('direction')) ?? 'both'
  return {
    vendor,
    name: text('name'),
    memberId: text('memberId'),
    calendarId: text('calendarId') || defaultCalendarIds[vendor],
    direction,
    enabled: form.get('enabled') !== null,
  }
}

function Added({ provider, onDone }: { provider: Provider; onDone: () => void }) {
  const isConnected = provider.authorization === 'connected'
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Text fw={600}>{words.added(provider.name)}</Text>
        <Badge id="added-oauth" color={isConnected ? 'teal' : 'gray'} variant="light" tt="none">
          {authorizations[provider.authorization]}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        {isConnected ? words.addedAuthorized : words.addedAbout}
      </Text>
      <Group>
        <AuthorizeButton provider={provider} mayChange idPrefix="added" />
        <Button id="added-done" variant={isConnected ? 'filled' : 'default'} onClick={onDone}>
          {words.done}
        </Button>
      </Group>
    </Stack>
  )
}
