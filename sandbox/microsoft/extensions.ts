import { isObject, textOf, type JsonObject } from '../json.ts'
import { GraphError, invalidRequest, itemNotFound } from './errors.ts'
import { announceChange } from './notifications.ts'
import { partsOf, withParts } from './parts.ts'
import { store, type Found, type Mailbox } from './store.ts'

/** Outlook puts this before the name of an open extension to make its id. */
const prefix = 'Microsoft.OutlookServices.OpenTypeExtension.'

export interface RenderedExtension extends JsonObject {
  id: string
  extensionName: string
}

/** The open extensions of an event as Graph answers them. */
export function renderExtensions(kept: Record<string, JsonObject> | undefined): RenderedExtension[] {
  return Object.entries(kept ?? {}).map(([name, content]) => renderExtension(name, content))
}

export function renderExtension(extensionName: string, content: JsonObject): RenderedExtension {
  const id = `${prefix}${extensionName}`
  return { '@odata.type': '#microsoft.graph.openTypeExtension', id, extensionName, ...content }
}

/** The open extensions a new event is sent with. */
export function extensionsIn(sent: unknown): Record<string, JsonObject> {
  const list: unknown[] = Array.isArray(sent) ? sent : []
  return Object.fromEntries(list.map(readExtension))
}

/** Gives an event an open extension. https://learn.microsoft.com/graph/api/opentypeextension-post-opentypeextension */
export function addExtension(mailbox: Mailbox, found: Found, sent: unknown): RenderedExtension {
  const [name, content] = readExtension(sent)
  if (Object.hasOwn(partsOf(found).extensions ?? {}, name)) {
    const message = `An extension with the name '${name}' already exists.`
    throw new GraphError(409, 'NameAlreadyExists', message)
  }
  return put(mailbox, found, name, content)
}

/** Changes the members of an extension that are sent; null takes one away. */
export function patchExtension(mailbox: Mailbox, found: Found, id: string, sent: unknown): RenderedExtension {
  const { name, content } = findExtension(found, id)
  const [, changes] = readExtension(isObject(sent) ? { ...sent, extensionName: name } : sent)
  const merged = Object.entries({ ...content, ...changes }).filter(([, value]) => value !== null)
  return put(mailbox, found, name, Object.fromEntries(merged))
}

export function removeExtension(mailbox: Mailbox, found: Found, id: string): void {
  const { name } = findExtension(found, id)
  put(mailbox, found, name, undefined)
}

/** An extension by its name or its id. */
export function findExtension(found: Found, id: string): { name: string; content: JsonObject } {
  const name = id.startsWith(prefix) ? id.slice(prefix.length) : id
  const kept = partsOf(found).extensions ?? {}
  const content = Object.hasOwn(kept, name) ? kept[name] : undefined
  if (content === undefined) throw itemNotFound()
  return { name, content }
}

function put(
  { world, account }: Mailbox,
  found: Found,
  name: string,
  content: JsonObject | undefined,
): RenderedExtension {
  const parts = partsOf(found)
  const { [name]: _old, ...others } = parts.extensions ?? {}
  const extensions = content === undefined ? others : { ...others, [name]: content }
  const event = withParts(world, found, { ...parts, extensions })
  store(account, found.calendar, event)
  announceChange(world, account, found.calendar.id, 'updated', event)
  return renderExtension(name, content ?? {})
}

function readExtension(sent: unknown): [string, JsonObject] {
  if (!isObject(sent)) throw invalidRequest('An open extension is an object.')
  const { extensionName, id: _id, ...rest } = sent
  const name = textOf(extensionName)
  if (!name || name.length > 256) throw invalidRequest('The extensionName is missing or too long.')
  const content = Object.entries(rest).filter(([member]) => !member.startsWith('@'))
  return [name, Object.fromEntries(content)]
}
