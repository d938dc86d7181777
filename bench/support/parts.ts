import { freePort } from '../../scripts/parts/ports.ts'
import { startSandbox } from '../../scripts/parts/sandbox.ts'
import { withDataDir } from '../../scripts/parts/temporary-data.ts'

/** Runs a measurement with a data folder of its own. */
export const measure = (work: (dataDir: string) => Promise<void>): Promise<never> =>
  withDataDir('The measurement broke off.', work)

/** The sandbox in a process of its own, so that playing the vendors takes nothing from whoever is measured. */
export async function sandboxProcess(dataDir: string): Promise<SandboxControl> {
  const { url } = await startSandbox(dataDir, await freePort())
  const control = sandboxControl(url)
  // What is to be measured is ours, not how much a vendor lets us ask for in a minute.
  await control.setSwitches({ 'google.quotaPerUserPerMinute': 0, 'google.quotaPerProjectPerMinute': 0 })
  return control
}

export interface VendorRequest {
  path: string
  method: string
  query: Record<string, string>
}

/** The sandbox's control API, as far as measurements use it. */
export function sandboxControl(url: string) {
  async function send<T>(method: string, path: string, body?: object | string): Promise<T> {
    const isText = typeof body === 'string'
    const response = await fetch(`${url}/_sandbox/${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': isText ? 'text/calendar' : 'application/json' },
        body: isText ? body : JSON.stringify(body),
      }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${text}`)
    return JSON.parse(text || 'null') as T
  }
  return {
    url,
    setSwitches: (switches: object) => send('POST', 'switches', switches),
    makeAccount: (vendor: string, email: string) => send('POST', 'accounts', { vendor, email }),
    token: async (vendor: string, email: string) =>
      (await send<{ access_token: string }>('POST', `accounts/${email}/token?vendor=${vendor}`)).access_token,
    /** Plain events, one an hour; from tomorrow on, so that all of them lie in the window of a provider. */
    async seed(vendor: string, email: string, count: number) {
      const startsAt = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T09:00:00Z`
      for (let left = count; left > 0; left -= hoursAtOnce) {
        await send('POST', `accounts/${email}/events`, {
          vendor,
          startsAt,
          count: Math.min(left, hoursAtOnce),
        })
      }
    },
    /** Puts a whole calendar into an account, as if somebody had imported the file there. */
    importCalendar: (vendor: string, email: string, ics: string) =>
      send('POST', `accounts/${email}/import?vendor=${vendor}`, ics),
    /** Every answer of the vendors takes so much longer while the work goes on. */
    async withLatency<T>(ms: number, work: () => Promise<T>): Promise<T> {
      await send('POST', 'faults', { kind: 'latency', ms, when: 'before', times: 'always' })
      try {
        return await work()
      } finally {
        await send('DELETE', 'faults')
      }
    },
    /** What this account's vendor was asked since the log was forgotten. */
    requests: async (vendor: string, email: string) =>
      (await send<{ items: VendorRequest[] }>('GET', `requests?vendor=${vendor}&account=${email}`)).items,
    forgetRequests: () => send('DELETE', 'requests'),
  }
}
export type SandboxControl = ReturnType<typeof sandboxControl>

/** 417 days: more at one an hour would leave the window. */
const hoursAtOnce = 10_000
