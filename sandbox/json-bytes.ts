import { AnswerBytes } from './answer-bytes.ts'
import { isObject } from './json.ts'
import { Remembered } from './remembered.ts'

/** What will never change. */
const lasting = new WeakSet<object>()

/** So many are remembered at least, and no more than twice as many. */
const itemsMin = 10_000
const listBytesMin = 64 * 1024 * 1024

/** The bytes of lasting objects as items of a list, each with the separator before it, by how far they are indented. */
const writtenItems = new Remembered<object, Buffer[]>(itemsMin)

/** A list of lasting objects, and its bytes with all that closes its answer. */
interface WrittenList {
  items: readonly unknown[]
  indent: number
  bytes: Buffer
}

/** The lists that were written last, by their first item. */
const writtenLists = new Remembered<object, WrittenList>(listBytesMin, ({ bytes }) => bytes.length)

/** Says of an object that it will never change, so that its JSON is written once. */
export function markLasting(value: object): void {
  lasting.add(value)
}

/** Says whether a list holds what was written before: the very same lasting objects in the same order. */
export function isWritten(list: readonly unknown[]): boolean {
  return writtenBefore(list) !== undefined
}

/**
 * The JSON of an answer for a server that sends bytes as well as texts, though its types speak of texts only. A text is a
 * page for people and sent as it is.
 */
export function serialised(answer: unknown, listName: string, indent: number): string {
  return typeof answer === 'string' ? answer : (jsonBytes(answer, listName, indent) as string)
}

/**
 * The JSON of an answer, as bytes or as a text. The list in one of its members, if there is one, comes last, and what is
 * lasting in it is not written anew.
 */
export function jsonBytes(answer: unknown, listName: string, indent: number): AnswerBytes | string {
  const list = isObject(answer) ? answer[listName] : undefined
  if (!isObject(answer) || !Array.isArray(list) || list.length === 0)
    return JSON.stringify(answer, null, indent)

  const { [listName]: _list, ...rest } = answer
  const [line, step] = indent === 0 ? ['', ''] : ['\n', ' '.repeat(indent)]
  const around = JSON.stringify(rest, null, indent)
  const begun = around === '{}' ? '{' : `${around.slice(0, -`${line}}`.length)},`
  const name = `${JSON.stringify(listName)}:${indent === 0 ? '' : ' '}`
  return new AnswerBytes(Buffer.from(`${begun}${line}${step}${name}[`), listBytes(list, indent))
}

/** The bytes of a list and of what closes it and its answer. */
function listBytes(list: readonly unknown[], indent: number): Buffer {
  const written = writtenBefore(list)
  if (written?.indent === indent) return written.bytes
  const items = list.map((item) => itemBytes(item, indent))
  // What separates an item from the one before it stands before the first one too, and is left out there.
  items[0] = items[0]?.subarray(1) ?? Buffer.alloc(0)
  const bytes = Buffer.concat([...items, Buffer.from(indent === 0 ? ']}' : `\n${' '.repeat(indent)}]\n}`)])
  const [first] = list
  if (isObject(first) && list.every((item) => isObject(item) && lasting.has(item)))
    writtenLists.keep(first, { items: list, indent, bytes })
  return bytes
}

function writtenBefore(list: readonly unknown[]): WrittenList | undefined {
  const [first] = list
  const written = isObject(first) ? writtenLists.find(first) : undefined
  const isSame = written?.items.length === list.length && written.items.every((item, at) => item === list[at])
  return isSame ? written : undefined
}

function itemBytes(item: unknown, indent: number): Buffer {
  const written = isObject(item) && lasting.has(item) ? writtenItems.of(item, () => []) : undefined
  const known = written?.[indent]
  if (known !== undefined) return known
  // A value that JSON does not know is null in a list.
  const text = JSON.stringify(item, null, indent) ?? 'null'
  const line = indent === 0 ? '' : `\n${' '.repeat(2 * indent)}`
  const bytes = Buffer.from(`,${line}${indent === 0 ? text : text.replaceAll('\n', line)}`)
  if (written !== undefined) written[indent] = bytes
  return bytes
}
