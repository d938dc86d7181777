import { findDisconnect, insertDisconnect, type Disconnect } from '../db/disconnects.ts'
import { findProviders, lockProvider, markDeleted, type Provider } from '../db/providers.ts'
import type { Cause } from '../db/schedule-entries.ts'
import type { ApiDeps } from './dependencies.ts'
import { forbidden, unavailable } from './problem.ts'
import { askToFollow } from './provider-request.ts'

/** A provider that is being taken apart, or was, with what came of each step. */
export interface Deletion {
  provider: Provider
  disconnect: Disconnect
}

/**
 * Deletes a provider: from the commit on nothing finds it, and its workflow takes it apart step by step. Asked again, it tells
 * the workflow again and answers how far it is.
 */
export async function deleteProvider(
  deps: ApiDeps,
  tenantId: string,
  id: string,
  requestedBy: Cause,
): Promise<Deletion> {
  await deps.database.tenant(tenantId, async (db) => {
    const provider = await lockProvider(db, id)
    if (!provider) return
    const now = deps.now()
    await markDeleted(db, id, now)
    await insertDisconnect(db, { providerId: id, tenantId, requestedAt: now, requestedBy })
  })
  const deletion = await readDeletion(deps, tenantId, id)
  if (deletion.disconnect.finishedAt) return deletion
  await askToFollow(deps, deletion.provider, 'disconnect').catch(() => {
    throw unavailable(
      'deletion-not-announced',
      'The provider is deleted, but Temporal could not be told to take it apart. Send the same request again.',
      5,
    )
  })
  return deletion
}

/** How far a deletion is. What is foreign, absent or not deleted is forbidden alike. */
export async function readDeletion(deps: ApiDeps, tenantId: string, id: string): Promise<Deletion> {
  const deletion = await deps.database.tenant(tenantId, async (db) => {
    const [provider] = await findProviders(db, [id])
    return { provider, disconnect: await findDisconnect(db, id) }
  })
  const { provider, disconnect } = deletion
  if (!provider || !disconnect) throw forbidden()
  return { provider, disconnect }
}
