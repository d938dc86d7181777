import { randomUUID } from 'node:crypto'
import { findPreview, listPreviewItems, type Preview, type PreviewItem } from '../../db/previews.ts'
import type { Provider } from '../../db/providers.ts'
import type { PreviewStep } from '../../activities/index.ts'
import type { World } from './world.ts'

/** Computes a preview as the worker does, and reads it as the API does. */
export async function previewOf(
  world: World,
  { id: providerId, tenantId }: Provider,
  wish: PreviewStep['wish'] = {},
): Promise<{ preview: Preview; items: PreviewItem[] }> {
  const previewId = randomUUID()
  const answer = await world.activities.preview({ tenantId, providerId, previewId, wish })
  if (answer.kind !== 'ready') throw new Error(`There is no preview: ${answer.kind}.`)
  return world.database.tenant(tenantId, async (db) => {
    const preview = await findPreview(db, previewId, world.deps.now())
    if (!preview) throw new Error('The preview was not kept.')
    return { preview, items: await listPreviewItems(db, previewId, 0, 20_000) }
  })
}

/** Items as a person would say them. */
export const said = (items: PreviewItem[]): string[] =>
  items.map(({ side, action, title }) => `${side} ${action} ${title}`).toSorted()
