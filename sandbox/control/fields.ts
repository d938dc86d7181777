import type { JsonObject } from '../json.ts'
import { ControlError } from './errors.ts'

/** Reads the members of a body or query; whatever is not what it can be is refused by its name. */
export interface Fields {
  text(name: string): string | undefined
  isText(name: string, text: string): boolean
  isString(name: string): boolean
  /** A text, or a number taken as one. */
  codeText(name: string): string | undefined
  texts(name: string): string[] | undefined
  flag(name: string): boolean | undefined
  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined
  number(name: string, min: number, max: number): number | undefined
  whole(name: string, min: number, max: number, besides?: string): number | undefined
  allowOnly(names: readonly string[]): void
}

export function fieldsOf(body: JsonObject): Fields {
  const given = (name: string): unknown => body[name] ?? undefined
  const number: Fields['number'] = (name, min, max) => {
    const value = given(name)
    if (value === undefined) return undefined
    if (typeof value === 'number' && value >= min && value <= max) return value
    throw new ControlError(400, `${name} must be a number from ${min} to ${max}.`)
  }
  const text: Fields['text'] = (name) => {
    const value = given(name)
    if (value === undefined || (typeof value === 'string' && value !== '')) return value
    throw new ControlError(400, `${name} must be a text.`)
  }
  return {
    text,
    isText: (name, wanted) => given(name) === wanted,
    isString: (name) => typeof given(name) === 'string',
    codeText: (name) => (typeof given(name) === 'number' ? String(given(name)) : text(name)),
    texts(name) {
      const value = given(name)
      if (value === undefined) return undefined
      if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
      throw new ControlError(400, `${name} must be a list of texts.`)
    },
    flag(name) {
      const value = given(name)
      if (value === undefined || typeof value === 'boolean') return value
      throw new ControlError(400, `${name} must be true or false.`)
    },
    oneOf(name, choices) {
      const value = given(name)
      if (value === undefined) return undefined
      const choice = choices.find((one) => one === value)
      if (choice === undefined) throw new ControlError(400, `${name} must be one of ${choices.join(', ')}.`)
      return choice
    },
    number,
    whole(name, min, max, besides = '') {
      const value = given(name)
      if (value === undefined) return undefined
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
      const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
      throw new ControlError(400, `${name} must be a whole number ${range}${besides}.`)
    },
    allowOnly(names) {
      const unknown = Object.keys(body).find((name) => !names.includes(name))
      if (unknown === undefined) return
      throw new ControlError(400, `${unknown} means nothing here; there are ${names.join(', ')}.`)
    },
  }
}
