import { Alert, Button, Text } from '@mantine/core'
import type { Provider } from '../answers.ts'
import { useIntegration } from '../queries.ts'
import { words } from '../words.ts'
import { BannerClose } from './banner-close.tsx'
import { useConsent, type ConsentState } from './use-consent.ts'

/** Sends a person to the vendor for their consent; what came of it is read from the server. */
export function AuthorizeButton(given: { provider: Provider; mayChange: boolean; idPrefix: string }) {
  const { provider, mayChange } = given
  const { id, name, vendor } = provider
  const consent = useConsent(id)
  const integration = useIntegration(vendor)
  const missing = integration.data?.complete === false
  const isOpen = consent.state.kind === 'open'
  const prefix = `${given.idPrefix}-${id}`
  return (
    <>
      <ConsentProblem id={prefix} name={name} state={consent.state} onClose={() => consent.reset()} />
      <Button
        id={`${prefix}-authorize`}
        variant={provider.authorization === 'connected' ? 'default' : 'filled'}
        aria-label={words.authorizeOf(name)}
        aria-describedby={missing ? `${prefix}-integration` : undefined}
        disabled={!mayChange || missing || isOpen}
        onClick={() => consent.begin()}
      >
        {isOpen ? words.authorizing(vendor) : words.authorize}
      </Button>
      {missing && (
        <Text id={`${prefix}-integration`} size="xs" c="orange" w="100%">
          {words.integrationMissing(vendor, integration.data?.reason ?? null)}
        </Text>
      )}
    </>
  )
}

function ConsentProblem(given: { id: string; name: string; state: ConsentState; onClose: () => void }) {
  const { id, name, state, onClose } = given
  if (state.kind !== 'popup-blocked' && state.kind !== 'refused') return null
  const isBlocked = state.kind === 'popup-blocked'
  const title = isBlocked ? words.popupBlocked : words.notAuthorized
  return (
    <Alert
      id={`${id}-consent-problem`}
      role="alert"
      color="red"
      w="100%"
      py="xs"
      pr={44}
      pos="relative"
      title={title}
    >
      {isBlocked ? words.popupBlockedAbout : state.message}
      <BannerClose
        id={`${id}-consent-problem-close`}
        label={words.closeMessage(title, name)}
        onClose={onClose}
      />
    </Alert>
  )
}
