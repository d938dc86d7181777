import { Center, Code, Paper, Stack, Text, Title } from '@mantine/core'
import { words } from '../words.ts'

/** Nobody is signed in: how to come in. */
export function SignedOut() {
  const [open, again] = words.signedOutAbout(words.signedOutCommand)
  const [before, after] = (open ?? '').split(words.signedOutCommand)
  return (
    <Center mih="100vh" p="md" className="page">
      <Paper component="main" p="xl" maw={460} withBorder shadow="sm">
        <Stack gap="sm">
          <img src="/icon.svg" alt="" width={40} height={40} />
          <Title order={1} size="h3">
            {words.signedOut}
          </Title>
          <Text>
            {before}
            <Code>{words.signedOutCommand}</Code>
            {after}
          </Text>
          <Text c="dimmed" size="sm">
            {again}
          </Text>
        </Stack>
      </Paper>
    </Center>
  )
}
