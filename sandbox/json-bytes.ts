import { isObject } from './json.ts'
import { Remembered } from './remembered.ts'

/** So many are remembered at least; a page of a list that is asked for again and again fits many times over. */
const rememberedMin = 10_000

/** The bytes of lasting objects as items of a list, each with the separator before it, by how far they are indented. */
const remembered = new Remembered<object, Buffer[]>(rememberedMin)

/** Says of an object that it will never change, so that its JSON is written once. */
export function markLasting(value: object): void {
  remembered.of(value, () => [])
}

/**
 * The same for a server that sends bytes as well as texts, though its types speak of texts only. A text is a page for
 * people and sent as it is.
 */
export function serialised(answer: unknown, listName: string, indent: number): string {
  return typeof answer === 'string' ? answer : (jsonBytes(answer, listName, indent) as string)
}

/**
 * The JSON of an answer, as bytes or as a text. The lasting objects of the list in one of its members, if there is one, are
 * not written anew, and the list comes last.
 */
export function jsonBytes(answer: unknown, listName: string, indent: number): Buffer | string {
  const list = isObject(answer) ? answer[listName] : undefined
  if (!isObject(answer) || !Array.isArray(list) || list.length === 0)
    return JSON.stringify(answer, null, indent)

  const { [listName]: _list, ...rest } = answer
  const [line, step] = indent === 0 ? ['', ''] : ['\n', ' '.repeat(indent)]
  const around = JSON.stringify(rest, null, indent)
  const begun = around === '{}' ? '{' : `${around.slice(0, -`${line}}`.length)},`
  const name = `${JSON.stringify(listName)}:${indent === 0 ? '' : ' '}`
  const items = list.map((item: unknown) => itemBytes(item, indent))
  // What separates an item from the one before it stands before the first one too, and is left out there.
  items[0] = items[0]?.subarray(1) ?? Buffer.alloc(0)
  return Buffer.concat([
    Buffer.from(`${begun}${line}${step}${name}[`),
    ...items,
    Buffer.from(`${line}${step}]${line}}`),
  ])
}

function itemBytes(item: unknown, indent: number): Buffer {
  const made = isObject(item) ? remembered.find(item) : undefined
  const known = made?.[indent]
  if (known !== undefined) return known
  // A value that JSON does not know is null in a list.
  const text = JSON.stringify(item, null, indent) ?? 'null'
  const line = indent === 0 ? '' : `\n${' '.repeat(2 * indent)}`
  const bytes = Buffer.from(`,${line}${indent === 0 ? text : text.replaceAll('\n', line)}`)
  if (made !== undefined) made[indent] = bytes
  return bytes
}
