import { Alert, List } from '@mantine/core'
import { useBackgroundHealth } from './queries.ts'
import { words } from './words.ts'

/** Says on every page when nobody does the work behind it: what is shown is old then, and no button changes that. */
export function BackgroundAlert() {
  const { data } = useBackgroundHealth()
  if (!data || data.problems.length === 0) return null
  return (
    <Alert id="background-alert" color="red" mb="lg" title={words.backgroundUnhealthy}>
      <List>
        {data.problems.map((problem) => (
          <List.Item key={problem}>{problem}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
