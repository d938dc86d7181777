import type { Vendor } from './domain/event.ts'
import { isLoopback } from './domain/push-address.ts'
import { isNetwork } from './domain/receivers.ts'
import { documentedLimits, type VendorLimits } from './domain/vendor-limits.ts'

/** Every setting, read once and checked together: a process starts with all of them or says all that is wrong. */
export interface Config {
  dataDir: string
  port: number
  /** Where vendors and people reach the API, without a trailing slash. */
  publicUrl: string
  databaseUrl: string
  temporal: { address: string; namespace: string }
  /** The first key seals; all of them open. */
  encryptionKeys: [string, ...string[]]
  operatorKey: string | null
  sandboxUrl: string | null
  vendorUrls: VendorUrls
  /** Calls a minute; Google's older projects have other numbers than new ones. */
  vendorLimits: VendorLimits
  pollEveryMs: number
  /** How often all workflows and subscriptions are seen to. */
  maintenanceEveryMs: number
  /** A Slack-compatible incoming webhook; null when nobody is to be told. */
  alertChannel: { url: string; channel: string; rotation: string } | null
  /** Networks that are not public and whose webhook endpoints may be called all the same. */
  webhookNetworks: string[]
  /** Which version of the code the workers run; null where they take whatever comes. */
  buildId: string | null
  logLevel: string
}

export interface VendorUrls {
  google: { api: string; authorize: string; token: string }
  microsoft: { api: string; authorize: string; token: string }
}

/** Less than a call a second is a slip of the hand: next to nothing would be synchronised. */
const leastLimit = 60

/** A setting that is missing or wrong, with every other one that is. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig'
}

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = []
  const required = (name: string, hint: string): string => {
    const value = env[name]
    if (value === undefined || value === '') problems.push(`${name} is not set: ${hint}`)
    return value ?? ''
  }
  const whole = (name: string, fallback: number, least = 0): number => {
    const text = env[name]
    if (text === undefined || text === '') return fallback
    const value = Number(text)
    if (!Number.isInteger(value) || value < least)
      problems.push(`${name} is "${text}": give a whole number${least > 0 ? ` from ${least} on` : ''}.`)
    return value
  }
  const url = (name: string, fallback: string): string => {
    const text = env[name]
    if (text === undefined || text === '') return fallback
    if (!URL.canParse(text))
      problems.push(`${name} is "${text}": give a URL like ${fallback || 'http://127.0.0.1:4400'}.`)
    return text.replace(/\/+$/, '')
  }

  const keyText = env['CALENDAR_OAUTH_ENCRYPTION_KEY'] || env['NEXTAUTH_SECRET']
  if (!keyText) {
    problems.push(
      'CALENDAR_OAUTH_ENCRYPTION_KEY is not set: give 32 random bytes in base64, for example from `openssl rand -base64 32` (NEXTAUTH_SECRET is accepted too).',
    )
  }
  const databaseUrl = required('DATABASE_URL', 'give the PostgreSQL URL of the schema owner.')
  const address = required('TEMPORAL_ADDRESS', 'give host:port of the Temporal frontend.')
  const port = whole('PORT', 4400)
  const alertUrl = url('ALERT_WEBHOOK_URL', '')
  const publicUrl = url('PUBLIC_URL', `http://127.0.0.1:${port}`)
  // A product that only this machine reaches is somebody's own: so are the endpoints that it may call here.
  const isOwn = URL.canParse(publicUrl) && isLoopback(publicUrl)
  const networks = env['WEBHOOK_NETWORKS'] ?? (isOwn ? '127.0.0.0/8,::1/128' : '')
  const webhookNetworks = networks.split(',').flatMap((block) => block.trim() || [])
  for (const block of webhookNetworks.filter((one) => !isNetwork(one)))
    problems.push(`WEBHOOK_NETWORKS holds "${block}": give blocks like 10.1.0.0/16, with commas between.`)
  const buildId = env['WORKER_BUILD_ID'] || null
  if (buildId !== null && !/^[\w.-]{1,100}$/.test(buildId))
    problems.push(
      `WORKER_BUILD_ID is "${buildId}": give up to 100 letters, digits, dots and dashes, like a commit.`,
    )
  const config: Config = {
    dataDir: env['DATA_DIR'] ?? '.data',
    port,
    publicUrl,
    databaseUrl,
    temporal: { address, namespace: env['TEMPORAL_NAMESPACE'] || 'calendar-sync' },
    encryptionKeys: splitKeys(keyText ?? ''),
    operatorKey: env['OPERATOR_KEY'] || null,
    sandboxUrl: url('SANDBOX_URL', '') || null,
    vendorUrls: {
      google: {
        api: url('GOOGLE_API_URL', 'https://www.googleapis.com'),
        authorize: url('GOOGLE_OAUTH_URL', 'https://accounts.google.com'),
        token: url('GOOGLE_OAUTH_URL', 'https://oauth2.googleapis.com'),
      },
      microsoft: {
        api: url('MICROSOFT_GRAPH_URL', 'https://graph.microsoft.com'),
        authorize: url('MICROSOFT_LOGIN_URL', 'https://login.microsoftonline.com'),
        token: url('MICROSOFT_LOGIN_URL', 'https://login.microsoftonline.com'),
      },
    },
    vendorLimits: {
      google: {
        project: whole('GOOGLE_CALLS_PER_MINUTE', documentedLimits.google.project, leastLimit),
        account: whole('GOOGLE_CALLS_PER_ACCOUNT_AND_MINUTE', documentedLimits.google.account, leastLimit),
      },
      microsoft: {
        project: whole('MICROSOFT_CALLS_PER_MINUTE', documentedLimits.microsoft.project, leastLimit),
        account: whole(
          'MICROSOFT_CALLS_PER_MAILBOX_AND_MINUTE',
          documentedLimits.microsoft.account,
          leastLimit,
        ),
      },
    },
    pollEveryMs: whole('POLL_EVERY_MS', 5 * 60_000),
    alertChannel: alertUrl
      ? {
          url: alertUrl,
          channel: env['ALERT_CHANNEL'] || '#calendar-sync-ops',
          rotation: env['ALERT_ROTATION'] || 'Platform Integrations',
        }
      : null,
    webhookNetworks,
    buildId,
    maintenanceEveryMs: whole('MAINTENANCE_EVERY_MS', 15 * 60_000, 1_000),
    logLevel: env['LOG_LEVEL'] || 'info',
  }
  if (problems.length > 0) throw new InvalidConfig(problems.join('\n'))
  return config
}

function splitKeys(text: string): [string, ...string[]] {
  const [first = '', ...rest] = text.split(',').map((key) => key.trim())
  return [first, ...rest]
}

export const vendors: readonly Vendor[] = ['google', 'microsoft']
