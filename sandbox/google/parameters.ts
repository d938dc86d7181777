import { isObject, textsOf, type JsonObject } from '../json.ts'
import { badRequest, invalidParameter } from './errors.ts'

/** Refuses what may not stand beside a sync token: a narrower list would not be the same as before. */
export function checkSyncParameters(query: JsonObject, forbidden: string[], notFalse: string[]): void {
  if (query['syncToken'] === undefined) return
  const found = forbidden.find((name) => query[name] !== undefined)
  if (found !== undefined) throw badRequest(`Sync token cannot be used with the parameter ${found}.`)
  const narrowed = notFalse.find((name) => query[name] !== undefined && !flagOf(query, name))
  if (narrowed !== undefined) throw badRequest(`Sync token cannot be used with ${narrowed}=false.`)
}

/** A parameter that is true or false. */
export function flagOf(query: JsonObject, name: string): boolean {
  const value = query[name]
  if (value === undefined || value === 'false') return false
  if (value === 'true') return true
  throw invalidParameter(
    name,
    `Invalid boolean value: '${textsOf(value).join()}'. Allowed values: [true, false]`,
  )
}

/** A parameter that is one of a few words. */
export function choiceOf<T extends string>(
  query: JsonObject,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = query[name]
  if (value === undefined) return undefined
  const choice = choices.find((one) => one === value)
  if (choice !== undefined) return choice
  const allowed = choices.join(', ')
  throw invalidParameter(
    name,
    `Invalid string value: '${textsOf(value).join()}'. Allowed values: [${allowed}]`,
  )
}

export function queryOf(request: { query: unknown }): JsonObject {
  return isObject(request.query) ? request.query : {}
}
