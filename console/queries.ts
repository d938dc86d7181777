import { QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { BackgroundHealth, Entry, Integration, List, Mapping, Member, NewProvider } from './answers.ts'
import type { Provider, Run, Tenant, Vendor } from './answers.ts'
import { ask, ApiProblem } from './client.ts'

const pollEveryMs = 2000
const runPollEveryMs = 500

/** Every query is asked again soon, so a failed one is not also tried again on its own. */
export const newQueryClient = () =>
  new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } })

export const isSignedOut = (error: unknown): boolean => error instanceof ApiProblem && error.status === 401

/** Who is signed in; asked on and on, so an ended session or a stopped server is noticed. */
export function useSession() {
  return useQuery({
    queryKey: ['me'],
    queryFn: () => ask<{ tenant: Tenant; role: 'admin' | 'operator' | 'member' }>('GET', 'me'),
    refetchInterval: 5000,
  })
}

/** Whether workers and maintenance are at work. */
export function useBackgroundHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: () => ask<BackgroundHealth>('GET', 'health'),
    refetchInterval: 15_000,
  })
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ask<null>('DELETE', 'session'),
    onSuccess: () => client.resetQueries(),
  })
}

export function useProviders() {
  return useQuery({
    queryKey: ['providers'],
    queryFn: () => ask<List<Provider>>('GET', 'providers?limit=500'),
    refetchInterval: pollEveryMs,
  })
}

export function useMembers() {
  return useQuery({ queryKey: ['members'], queryFn: () => ask<List<Member>>('GET', 'members') })
}

/** The tenant's OAuth client at a vendor: without it nobody can authorize. */
export function useIntegration(vendor: Vendor) {
  return useQuery({
    queryKey: ['integrations', vendor],
    queryFn: () => ask<Integration>('GET', `integrations/${vendor}`),
    refetchInterval: 10_000,
  })
}

export function useAddProvider() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (provider: NewProvider) => ask<Provider>('POST', 'providers', provider),
    onSettled: () => client.invalidateQueries({ queryKey: ['providers'] }),
  })
}

export function useSyncNow(providerId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ask<{ run: Run }>('POST', `providers/${providerId}/sync`),
    onSettled: () => client.invalidateQueries({ queryKey: ['providers'] }),
  })
}

/** One run, watched closely until it has ended. */
export function useRun(runId: string | null) {
  return useQuery({
    queryKey: ['runs', runId],
    queryFn: () => ask<Run>('GET', `runs/${runId}`),
    enabled: runId !== null,
    refetchInterval: ({ state }) => (state.data?.outcome ? false : runPollEveryMs),
  })
}

export function useEntries(from: string, to: string) {
  return useQuery({
    queryKey: ['entries', from, to],
    queryFn: () => ask<List<Entry>>('GET', `entries?${new URLSearchParams({ from, to, limit: '500' })}`),
    refetchInterval: pollEveryMs,
  })
}

/** Mappings tell which side made an entry, and why an event is not kept the same. */
export function useMappings(wish: Record<string, string> = {}) {
  return useQuery({
    queryKey: ['mappings', wish],
    queryFn: () => ask<List<Mapping>>('GET', `mappings?${new URLSearchParams({ ...wish, limit: '500' })}`),
    refetchInterval: pollEveryMs,
  })
}
