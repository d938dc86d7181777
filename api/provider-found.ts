import { overviewOf } from '../db/provider-overview.ts'
import { findProvider, type Provider } from '../db/providers.ts'
import type { ApiDeps } from './dependencies.ts'
import { forbidden } from './problem.ts'
import type { ProviderAnswer } from './schemas.ts'
import { showProvider } from './show-provider.ts'

/** The tenant's provider; what is foreign or absent is forbidden alike. */
export async function requireProvider(deps: ApiDeps, tenantId: string, id: string): Promise<Provider> {
  const provider = await deps.database.tenant(tenantId, (db) => findProvider(db, id))
  if (!provider) throw forbidden()
  return provider
}

/** One provider as the API tells it, read anew. */
export async function overviewOfOne(
  deps: ApiDeps,
  { id, tenantId }: { id: string; tenantId: string },
): Promise<ProviderAnswer> {
  return deps.database.tenant(tenantId, async (db) => {
    const provider = await findProvider(db, id)
    const overview = (await overviewOf(db, [id])).get(id)
    if (!provider || !overview) throw forbidden()
    return showProvider(provider, overview, deps.now())
  })
}
