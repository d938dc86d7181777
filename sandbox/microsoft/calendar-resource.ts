import type { Calendar } from '@microsoft/microsoft-graph-types'
import type { JsonObject } from '../json.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'

/** The colours of a calendar by name, as Outlook paints them. */
const hexColours: Record<string, string> = {
  auto: '',
  lightBlue: '#0078d4',
  lightGreen: '#00b294',
  lightOrange: '#f7630c',
  lightGray: '#69797e',
  lightYellow: '#fce100',
  lightTeal: '#038387',
  lightPink: '#e3008c',
  lightBrown: '#8e562e',
  lightRed: '#d13438',
  maxColor: '',
}

/** A calendar as Graph shows it: https://learn.microsoft.com/graph/api/resources/calendar */
export function renderCalendar(calendar: MicrosoftCalendar, account: MicrosoftAccount): JsonObject {
  const { primary, owner, color = 'auto' } = calendar
  const isOwn = owner === undefined
  return {
    id: calendar.id,
    name: calendar.name,
    color,
    hexColor: calendar.hexColor ?? hexColours[color] ?? '',
    isDefaultCalendar: primary,
    changeKey: calendar.changeKey ?? 'AAAAAAAAAAA=',
    canShare: isOwn,
    canViewPrivateItems: isOwn,
    canEdit: calendar.canEdit ?? true,
    isRemovable: !primary,
    isTallyingResponses: primary,
    allowedOnlineMeetingProviders: ['teamsForBusiness'],
    defaultOnlineMeetingProvider: 'teamsForBusiness',
    owner: owner ?? { name: account.email, address: account.email },
  } satisfies Omit<Calendar, 'color'> & { color: string }
}
