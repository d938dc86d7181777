import { randomUUID } from 'node:crypto'
import { apiClient, type ApiClient } from '../../scripts/api-client.ts'
import { giveConsent } from '../../scripts/consent.ts'
import type { Vendor } from '../../domain/event.ts'
import { clients } from './consented.ts'
import { asPerson, type SandboxControl } from './sandbox-control.ts'

export const operatorKey = 'op_for_tests'

/** A tenant of a running product, with its key and both OAuth clients pointed at the sandbox. */
export interface OpenedTenant {
  api: ApiClient
  apiUrl: string
  sandboxUrl: string
  control: SandboxControl
  tenantId: string
  apiKey: string
  /** A member of the tenant. */
  makeMember(): Promise<string>
  /** A provider, authorised through the vendor's real consent. */
  connect(vendor: Vendor, memberId: string, before?: (email: string) => Promise<unknown>): Promise<Connected>
}

export interface Connected {
  id: string
  vendor: Vendor
  email: string
  person: ReturnType<typeof asPerson>
  titles: () => Promise<string[]>
}

export async function openTenant(
  product: Pick<OpenedTenant, 'apiUrl' | 'sandboxUrl' | 'control'>,
): Promise<OpenedTenant> {
  const { apiUrl, sandboxUrl, control } = product
  const operator = apiClient(apiUrl, operatorKey)
  const made = await operator.post<{ tenant: { id: string }; apiKey: string }>('/tenants', { name: 'Acme' })
  const api = apiClient(apiUrl, made.apiKey)
  for (const vendor of ['google', 'microsoft'] as const) {
    const { id: clientId, secret: clientSecret } = clients[vendor]
    await api.put(`/integrations/${vendor}`, { clientId, clientSecret, endpoints: 'sandbox' })
  }
  return {
    ...product,
    api,
    tenantId: made.tenant.id,
    apiKey: made.apiKey,
    makeMember: async () =>
      (await api.post<{ id: string }>('/members', { email: `${randomUUID()}@acme.example`, name: 'Dana' }))
        .id,
    async connect(vendor, memberId, before) {
      const email = `${randomUUID()}@${vendor}.example`
      await control.makeAccount(vendor, email)
      await before?.(email)
      const { id } = await api.post<{ id: string }>('/providers', {
        name: `${vendor} calendar`,
        vendor,
        memberId,
      })
      const { authorizeUrl } = await api.post<{ authorizeUrl: string }>(`/providers/${id}/authorize`)
      const consent = await giveConsent(authorizeUrl, email)
      if (!consent.connected) throw new Error(consent.page)
      const person = asPerson(sandboxUrl, vendor, await control.token(vendor, email))
      const titles = async () => (await control.events(vendor, email)).map((event) => event.title).toSorted()
      return { id, vendor, email, person, titles }
    },
  }
}
