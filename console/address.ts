import { useSyncExternalStore } from 'react'

/** Where the console is, kept by the address alone: what it shows survives a reload and can be sent to somebody. */
export interface Address {
  path: string
  query: URLSearchParams
}

export const homePath = '/settings/calendar-integrations'

let current = read()
const listeners = new Set<() => void>()

function read(): Address {
  const { pathname, search } = globalThis.location
  return { path: pathname, query: new URLSearchParams(search) }
}

function arrive(): void {
  current = read()
  for (const listener of listeners) listener()
}

export function useAddress(): Address {
  return useSyncExternalStore(subscribe, () => current)
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) globalThis.addEventListener('popstate', arrive)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) globalThis.removeEventListener('popstate', arrive)
  }
}

/** Goes to another address of the console; `replace` leaves no step to go back to. */
export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') globalThis.history.pushState(null, '', to)
  else globalThis.history.replaceState(null, '', to)
  arrive()
}

/** Sets some of the query and leaves the rest; null takes one away. */
export function setQuery(changes: Record<string, string | null>, how: 'push' | 'replace' = 'push'): void {
  const query = new URLSearchParams(current.query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  const text = query.toString()
  go(`${current.path}${text === '' ? '' : `?${text}`}`, how)
}
