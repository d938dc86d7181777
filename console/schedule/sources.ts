import type { Entry, List, Mapping, Provider, Vendor } from '../answers.ts'

export type Source = { kind: 'schedule' } | { kind: 'provider'; name: string; vendor: Vendor }

/** Where each entry was first made, as far as the mappings at hand tell; null when they do not. */
export function sourcesOf(
  mappings: List<Mapping> | undefined,
  providers: readonly Provider[],
): (entry: Pick<Entry, 'id' | 'mappings'>) => Source | null {
  const providerIds = new Map(
    mappings?.items.flatMap(({ entryId, origin, providerId }) =>
      entryId !== null && origin === 'external' ? [[entryId, providerId] as const] : [],
    ),
  )
  const isComplete = mappings !== undefined && mappings.nextCursor === null
  return (entry) => {
    const provider = providers.find(({ id }) => id === providerIds.get(entry.id))
    if (provider) return { kind: 'provider', name: provider.name, vendor: provider.vendor }
    // An entry nobody mapped yet, or whose pairs are all our own copies, was made here.
    return isComplete || entry.mappings.length === 0 ? { kind: 'schedule' } : null
  }
}
