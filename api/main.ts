import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import { InvalidConfig, loadConfig, type Config } from '../config.ts'
import { connect } from '../db/connection.ts'
import { createEnvelope } from '../db/envelope.ts'
import { createApp } from './app.ts'

const config = settings()
const database = connect(config.databaseUrl)
const connection = await connectTemporal()
const app = await createApp({
  database,
  envelope: createEnvelope(config.encryptionKeys),
  temporal: new Client({ connection, namespace: config.temporal.namespace }),
  config,
  now: () => new Date(),
  pause: (ms) => pause(ms),
  newId: randomUUID,
  patienceMs: 2_000,
  logger: { level: config.logLevel },
})
await app.listen({ port: config.port, host: '127.0.0.1' })

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void stop())
// Whoever started us is gone without a word.
process.once('disconnect', () => void stop())
process.send?.({ ready: true })

async function stop(): Promise<void> {
  setTimeout(() => process.exit(1), 5_000).unref()
  await app.close()
  await Promise.all([connection.close(), database.close()])
  process.exit(0)
}

function settings(): Config {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error
    return giveUp(error.message)
  }
}

/** With Temporal's standard variables for TLS and API keys. */
async function connectTemporal(): Promise<Connection> {
  const { address } = config.temporal
  try {
    return await Connection.connect({
      ...loadClientConnectConfig().connectionOptions,
      address,
      connectTimeout: '10 seconds',
    })
  } catch {
    return giveUp(`TEMPORAL_ADDRESS is ${address}, and no Temporal server answered there.`)
  }
}

function giveUp(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
