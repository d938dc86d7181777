import { errorForms, faultKinds, type FaultAim, type FaultEffect } from '../faults.ts'
import type { JsonObject } from '../json.ts'
import { ControlError } from './errors.ts'
import { fieldsOf, type Fields } from './fields.ts'

const aimNames = ['kind', 'vendor', 'account', 'method', 'path', 'nth', 'times', 'probability']

/** Reads a fault somebody wishes for; every field is checked, and one that means nothing is refused. */
export function readFault(body: JsonObject): FaultEffect & FaultAim {
  const fields = fieldsOf(body)
  const effect = readEffect(fields)
  fields.allowOnly([...aimNames, ...effectNames[effect.kind]])
  return { ...effect, ...readAim(fields) }
}

const effectNames: Record<FaultEffect['kind'], string[]> = {
  latency: ['ms', 'when'],
  reset: [],
  error: ['status', 'code', 'reason', 'message', 'retryAfter', 'form'],
  responseLost: [],
  truncatedBody: ['cut'],
  slowBody: ['ms'],
  dropNotification: [],
  doubleNotification: [],
  delayNotification: ['ms'],
  reorderNotification: ['ms'],
  forgeNotification: [],
  tokenRevoked: [],
  accessTokenExpired: [],
  consentReduced: ['scopes'],
  calendarRemoved: ['calendar'],
  accountRenamed: ['to'],
  mailboxMoved: ['ids'],
  cursorInvalidated: [],
}

function readEffect(fields: Fields): FaultEffect {
  const kind = fields.oneOf('kind', faultKinds)
  if (kind === undefined) throw new ControlError(400, `kind must be one of ${faultKinds.join(', ')}.`)
  const ms = (usual: number): number => fields.number('ms', 0, 86_400_000) ?? usual
  switch (kind) {
    case 'latency':
      return { kind, ms: ms(1000), when: fields.oneOf('when', ['before', 'after']) ?? 'before' }
    case 'truncatedBody':
      return { kind, cut: fields.oneOf('cut', ['connection', 'json']) ?? 'connection' }
    case 'slowBody':
      return { kind, ms: ms(1000) }
    case 'delayNotification':
    case 'reorderNotification':
      return { kind, ms: ms(60_000) }
    case 'error':
      return readError(fields)
    case 'consentReduced':
      return { kind, scopes: scopesIn(fields) }
    case 'calendarRemoved':
      return { kind, calendar: fields.text('calendar') ?? missing('calendar', 'an id or a name') }
    case 'accountRenamed':
      return { kind, to: addressOf(fields.text('to')) }
    case 'mailboxMoved':
      return { kind, ids: fields.oneOf('ids', ['default', 'all']) ?? 'default' }
    case 'tokenRevoked':
    case 'accessTokenExpired':
    case 'cursorInvalidated':
    case 'reset':
    case 'responseLost':
    case 'dropNotification':
    case 'doubleNotification':
    case 'forgeNotification':
      return { kind }
  }
}

/** A list of those that are left, or a text of them with blanks between, as OAuth writes scopes. */
function scopesIn(fields: Fields): string[] {
  if (fields.isText('scopes', '')) return []
  const scopes = fields.isString('scopes') ? fields.text('scopes')?.split(/\s+/) : fields.texts('scopes')
  return scopes ?? missing('scopes', 'the list of those that are left')
}

function missing(name: string, what: string): never {
  throw new ControlError(400, `${name} must be ${what}.`)
}

function addressOf(text: string | undefined): string {
  return text !== undefined && /^[^\s@]+@[^\s@]+$/.test(text) ? text : missing('to', 'an address')
}

function readError(fields: Fields): FaultEffect {
  const status = fields.whole('status', 400, 599)
  const code = fields.codeText('reason') ?? fields.codeText('code')
  const message = fields.text('message')
  const retryAfter = fields.number('retryAfter', 0, 86_400)
  const form = fields.oneOf('form', errorForms)
  return {
    kind: 'error',
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(form === undefined ? {} : { form }),
  }
}

function readAim(fields: Fields): FaultAim {
  const vendor = fields.oneOf('vendor', ['google', 'microsoft'])
  const account = fields.text('account')
  const method = fields.text('method')
  const path = fields.text('path')
  if (path !== undefined && !isPattern(path))
    throw new ControlError(400, 'path must be a part of a path or a regular expression.')
  return {
    ...(vendor === undefined ? {} : { vendor }),
    ...(account === undefined ? {} : { account }),
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    nth: fields.whole('nth', 1, Number.MAX_SAFE_INTEGER) ?? 1,
    times: fields.isText('times', 'always')
      ? 'always'
      : (fields.whole('times', 1, Number.MAX_SAFE_INTEGER, ' or "always"') ?? 1),
    probability: fields.number('probability', 0, 1) ?? 1,
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}
