import { GraphError } from './errors.ts'

/** What a mailbox and its calendars have at their addresses: https://learn.microsoft.com/graph/api/resources/calendar-overview */
const ofMailbox =
  'calendar calendars calendarGroup calendarGroups calendarView events findMeetingTimes getMailTips mailboxSettings outlook reminderView revokeSignInSessions translateExchangeIds messages mailFolders contacts contactFolders onlineMeetings todo photo people'
const roots = 'me users groups places subscriptions communications organization domains directoryObjects'

const mailboxPath = new RegExp(
  `^/v1\\.0/(?:me|users/[^/]+)/(?:${ofMailbox.replaceAll(' ', '|')})(?=[/(]|$)`,
  'i',
)
const rootPath = new RegExp(`^/v1\\.0/(?:${roots.replaceAll(' ', '|')}|\\$batch)(?:/[^/]+)?$`, 'i')

/** What Graph offers and nobody plays here is told apart from what Graph does not know. */
export function notPlayedByGraph(method: string, path: string): GraphError | undefined {
  const isMailboxItself = /^\/v1\.0\/me\/[^/]+$/.test(path)
  if (!mailboxPath.test(path) && (isMailboxItself || !rootPath.test(path))) return undefined
  return new GraphError(501, 'notSupported', `The sandbox does not play ${method} ${path}.`)
}
