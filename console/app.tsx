import { Button, Center, Loader } from '@mantine/core'
import { useEffect } from 'react'
import { ApiProblem } from './client.ts'
import { go, homePath, useAddress } from './address.ts'
import { CalendarIntegrations } from './pages/calendar-integrations.tsx'
import { SignedOut } from './pages/signed-out.tsx'
import { isSignedOut, useSession } from './queries.ts'
import { Message } from './message.tsx'
import { Shell } from './shell.tsx'
import { words } from './words.ts'

/** Who may see which page. */
export function App() {
  const session = useSession()
  const { path } = useAddress()
  useEffect(() => {
    if (path === '/') go(homePath, 'replace')
  }, [path])

  if (isSignedOut(session.error)) return <SignedOut />
  if (!session.data) {
    if (session.error instanceof ApiProblem)
      return <Message title={words.couldNotLoad} text={session.error.message} tone="red" />
    return (
      <Center mih="100vh">
        <Loader aria-label={words.loading} />
      </Center>
    )
  }
  return (
    <Shell tenant={session.data.tenant.name}>
      {path === homePath || path === '/' ? (
        <CalendarIntegrations role={session.data.role} />
      ) : (
        <UnknownPage />
      )}
    </Shell>
  )
}

function UnknownPage() {
  return (
    <Message title={words.unknownPage} text={words.unknownPageAbout}>
      <Button id="to-home" mt="md" onClick={() => go(homePath)}>
        {words.toHome}
      </Button>
    </Message>
  )
}
