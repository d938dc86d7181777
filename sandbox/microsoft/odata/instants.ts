import { isWallTime } from '../../zones.ts'

const form = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2})?(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})?$/i

/**
 * The instant a text means, in milliseconds, as OData writes an Edm.DateTimeOffset; nothing when it means none. Without
 * an offset it means none either, unless UTC is to be assumed.
 */
export function instantOfText(text: string, assumes: 'nothing' | 'UTC' = 'nothing'): number | undefined {
  const [, minutes, seconds = ':00', fraction = '', offset] = form.exec(text) ?? []
  if (minutes === undefined || !isWallTime(`${minutes}${seconds}`)) return undefined
  if (offset === undefined && assumes === 'nothing') return undefined
  const instantMs = Date.parse(
    `${minutes}${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${(offset ?? 'Z').toUpperCase()}`,
  )
  return Number.isNaN(instantMs) ? undefined : instantMs
}
