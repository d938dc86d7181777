import {
  conditionNotMet,
  fullSyncRequired,
  GoogleError,
  insufficientScopes,
  invalidCredentials,
} from './errors.ts'

interface Words {
  message: string
  domain?: string
  locationType?: string
  location?: string
}

/**
 * The error a fault asks for, in the words Google has for that status and reason
 * (https://developers.google.com/workspace/calendar/api/guides/errors). The front end names a status too.
 */
export function googleFault(
  status: number,
  reason?: string,
  message?: string,
  form: 'backend' | 'frontEnd' = 'backend',
): GoogleError {
  if (message === undefined) {
    if (status === 401 && (reason === undefined || form === 'frontEnd')) return invalidCredentials()
    if (status === 403 && reason === 'insufficientPermissions') return insufficientScopes()
    if (status === 410 && reason === undefined) return fullSyncRequired()
    if (status === 412 && reason === undefined) return conditionNotMet()
  }
  const name = reason ?? usualReasons[status] ?? 'backendError'
  const { message: usualMessage, ...place } = words[name] ?? { message: 'Error' }
  const grpcStatus = form === 'frontEnd' ? (grpcStatuses[status] ?? 'UNKNOWN') : undefined
  return new GoogleError(status, name, message ?? usualMessage, place, grpcStatus)
}

const usualReasons: Record<number, string> = {
  400: 'badRequest',
  401: 'authError',
  403: 'rateLimitExceeded',
  404: 'notFound',
  409: 'duplicate',
  410: 'deleted',
  412: 'conditionNotMet',
  429: 'rateLimitExceeded',
  503: 'serviceUnavailable',
}

const usageLimits = 'usageLimits'
const calendar = 'calendar'

const words: Record<string, Words> = {
  badRequest: { message: 'Bad Request' },
  invalid: { message: 'Invalid Value' },
  required: { message: 'Required' },
  parseError: { message: 'Parse Error' },
  timeRangeEmpty: {
    message: 'The specified time range is empty.',
    domain: calendar,
    locationType: 'parameter',
    location: 'timeMax',
  },
  authError: { message: 'Invalid Credentials', locationType: 'header', location: 'Authorization' },
  userRateLimitExceeded: { message: 'User Rate Limit Exceeded', domain: usageLimits },
  rateLimitExceeded: { message: 'Rate Limit Exceeded', domain: usageLimits },
  quotaExceeded: { message: 'Calendar usage limits exceeded.', domain: usageLimits },
  dailyLimitExceeded: { message: 'Daily Limit Exceeded', domain: usageLimits },
  accessNotConfigured: {
    message:
      'Google Calendar API has not been used in project 1 before or it is disabled. Enable it and then retry.',
    domain: usageLimits,
  },
  forbidden: { message: 'Forbidden' },
  insufficientPermissions: { message: 'Insufficient Permission' },
  forbiddenForNonOrganizer: {
    message: 'Shared properties can only be changed by the organizer of the event.',
    domain: calendar,
  },
  notACalendarUser: { message: 'The user must be signed up for Google Calendar.', domain: calendar },
  notFound: { message: 'Not Found' },
  duplicate: { message: 'The requested identifier already exists.' },
  conflict: { message: 'Conflict' },
  fullSyncRequired: {
    message: 'Sync token is no longer valid, a full sync is required.',
    domain: calendar,
    locationType: 'parameter',
    location: 'syncToken',
  },
  updatedMinTooLongAgo: {
    message: 'The requested minimum modification time lies too far in the past.',
    domain: calendar,
    locationType: 'parameter',
    location: 'updatedMin',
  },
  deleted: { message: 'Resource has been deleted' },
  conditionNotMet: { message: 'Precondition Failed', locationType: 'header', location: 'If-Match' },
  backendError: { message: 'Backend Error' },
  serviceUnavailable: { message: 'Service Unavailable' },
}

/** https://google.aip.dev/193 */
const grpcStatuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}
