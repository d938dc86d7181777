import { Paper, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** Something to say in the place where content would be. */
export function Message(given: {
  title: string
  text: string | readonly string[]
  tone?: 'red'
  children?: ReactNode
}) {
  const paragraphs = typeof given.text === 'string' ? [given.text] : given.text
  return (
    <Paper p="xl" ta="center" withBorder role={given.tone === 'red' ? 'alert' : undefined}>
      <Title order={3} size="h4" {...(given.tone && { c: given.tone })}>
        {given.title}
      </Title>
      {paragraphs.map((text) => (
        <Text key={text} c="dimmed" mt="xs">
          {text}
        </Text>
      ))}
      {given.children}
    </Paper>
  )
}
