import type { JsonObject } from '../json.ts'

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
