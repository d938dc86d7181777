import { Text, Tooltip } from '@mantine/core'
import { useNow } from './clock.ts'
import { showExact, showRelative } from './times.ts'

/** A moment as people say it, exact on hover. */
export function Moment({ at, say = (when) => when }: { at: string; say?: (when: string) => string }) {
  const now = useNow()
  return (
    <Tooltip label={showExact(at)} events={{ hover: true, focus: true, touch: true }}>
      <Text component="time" inherit dateTime={at}>
        {say(showRelative(at, now))}
      </Text>
    </Tooltip>
  )
}
