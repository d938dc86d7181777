import { choosePort } from './ports.ts'

/** What somebody asked for through the environment, with the ports to use. */
export interface Settings {
  port: number
  sandboxPort: number
  temporalPort: number
  temporalUiPort: number
  publicUrl: string
  databaseUrl: string | undefined
  temporalAddress: string | undefined
  temporalNamespace: string
  sandboxUrl: string | undefined
}

export async function settingsFrom(env: NodeJS.ProcessEnv): Promise<Settings> {
  const port = await choosePort('PORT', env['PORT'], 4400)
  const sandboxPort = await choosePort('SANDBOX_PORT', undefined, 4500, [port])
  const temporalPort = await choosePort('TEMPORAL_PORT', undefined, 17_233, [port, sandboxPort])
  const temporalUiPort = await choosePort('TEMPORAL_UI_PORT', undefined, 18_233, [port, sandboxPort])
  for (const name of ['PUBLIC_URL', 'SANDBOX_URL']) {
    const value = env[name]
    if (value && !(URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) {
      throw new Error(`${name}=${value} is not an http or https address.`)
    }
  }
  return {
    port,
    sandboxPort,
    temporalPort,
    temporalUiPort,
    publicUrl: (env['PUBLIC_URL'] || `http://127.0.0.1:${port}`).replace(/\/+$/, ''),
    databaseUrl: env['DATABASE_URL'] || undefined,
    temporalAddress: env['TEMPORAL_ADDRESS'] || undefined,
    temporalNamespace: env['TEMPORAL_NAMESPACE'] || 'calendar-sync',
    sandboxUrl: env['SANDBOX_URL'] || undefined,
  }
}
