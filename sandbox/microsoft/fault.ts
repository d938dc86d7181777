import { openCursor } from '../cursors.ts'
import { numberOf, textOf, type JsonObject } from '../json.ts'
import { nowOf, type RequestRecord, type World } from '../world.ts'
import { deltaGone, isDeltaCode, syncStateError } from './delta-errors.ts'
import { changeKeyConflict, claimsChallenge, GraphError, itemNotFound, unauthenticated } from './errors.ts'

/**
 * The error a fault asks for, in the words Graph uses for that status or code. The code `location` is a dead delta token
 * whose answer holds an address to begin anew at; `claims` is a challenge of continuous access evaluation.
 */
export function graphFault(
  world: World,
  request: Pick<RequestRecord, 'path' | 'query'>,
  status: number,
  code?: string,
  message?: string,
): GraphError {
  if (message === undefined) {
    if (isDeltaCode(code)) return syncStateError(code, status)
    if (code === 'claims') return claimsChallenge(nowOf(world))
    if (code === 'location')
      return deltaGone(`${world.origin}${request.path}`, windowOf(request.query), code, status)
    if (code === undefined) {
      if (status === 401) return unauthenticated('Access token has expired or is not yet valid.')
      if (status === 404) return itemNotFound()
      if (status === 410) return syncStateError('SyncStateNotFound', status)
      if (status === 412) return changeKeyConflict()
    }
  }
  const [usualCode, usualMessage] = usual[status] ?? [
    'ErrorInternalServerError',
    'An internal server error occurred.',
  ]
  return new GraphError(status, code ?? usualCode, message ?? byCode[code ?? ''] ?? usualMessage)
}

/** The window a delta call is about: its own, or the one in its token. */
function windowOf(query: JsonObject): { fromMs: number; toMs: number } {
  const token = textOf(query['$skiptoken']) ?? textOf(query['$deltatoken']) ?? ''
  const cursor = openCursor(token) ?? {}
  const at = (name: string, parameter: string): number =>
    numberOf(cursor[name]) ?? (Date.parse(textOf(query[parameter]) ?? '') || 0)
  return { fromMs: at('from', 'startDateTime'), toMs: at('to', 'endDateTime') }
}

const usual: Record<number, [string, string]> = {
  400: ['ErrorInvalidRequest', 'The request is invalid.'],
  401: ['InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'],
  403: ['ErrorAccessDenied', 'Access is denied. Check credentials and try again.'],
  404: ['ErrorItemNotFound', 'The specified object was not found in the store.'],
  409: ['ErrorIrresolvableConflict', 'Conflict'],
  412: ['ErrorIrresolvableConflict', 'The change key does not match.'],
  429: ['ApplicationThrottled', 'Application is over its MailboxConcurrency limit.'],
  503: ['serviceNotAvailable', 'The service is temporarily unavailable.'],
  504: ['UnknownError', 'Gateway timeout.'],
  507: ['insufficientStorage', 'The maximum storage quota has been reached.'],
  509: ['bandwidthLimitExceeded', 'Your app has been throttled for exceeding the maximum bandwidth cap.'],
}

/** What comes with codes that a fault names beside the usual one of its status. */
const byCode: Record<string, string> = {
  TooManyRequests: 'Too Many Requests',
  activityLimitReached: 'The app or user has been throttled.',
  RequestThrottled: 'The request was throttled.',
  ErrorServerBusy: 'The server cannot service this request right now. Try again later.',
  ErrorMailboxStoreUnavailable: 'The mailbox database is temporarily unavailable.',
  ErrorInternalServerTransientError: 'Cannot query rows in a table.',
  MailboxNotEnabledForRESTAPI: 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
  ErrorFolderNotFound: 'The specified folder could not be found in the store.',
  ErrorInvalidMailboxItemId: 'Item Id does not belong to the current mailbox.',
}
