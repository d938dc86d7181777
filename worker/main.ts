import { loadClientConnectConfig } from '@temporalio/envconfig'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker'
import { pino } from 'pino'
import { InvalidConfig, loadConfig, type Config } from '../config.ts'
import { connect } from '../db/connection.ts'
import { createEnvelope } from '../db/envelope.ts'
import { forgetPreviews } from '../db/previews.ts'
import { forgetDeliveries } from '../db/webhook-deliveries.ts'
import { resignal } from './nudge.ts'
import { sequenceEvents, wakeOverdue } from './outbox.ts'
import { regularly } from './regularly.ts'
import { scheduleMaintenance } from './schedule.ts'
import { bundleWorkflows, createWorkers } from './workers.ts'

const resignalEveryMs = 5_000
/** How long an event waits at most before it is on its way. */
const sequenceEveryMs = 1_000
const overdueEveryMs = 15_000
/** Previews hold titles, for as long as somebody may read them. */
const tidyEveryMs = 60_000
const forgetEveryMs = 60 * 60_000
const deliveriesKeptMs = 30 * 24 * 60 * 60_000

async function main(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { process: 'worker' } })
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) =>
      log.warn({ level, meta: onlyIds(meta) }, message),
    ),
  })
  const { connectionOptions } = loadClientConnectConfig()
  const address = config.temporal.address
  const { namespace } = config.temporal
  const database = connect(config.databaseUrl, { poolSize: 20 })
  const connection = await NativeConnection.connect({ ...connectionOptions, address })
  const clientConnection = await Connection.connect({ ...connectionOptions, address })
  const client = new Client({ connection: clientConnection, namespace })
  const workers = await createWorkers({
    connection,
    namespace,
    client,
    database,
    envelope: createEnvelope(config.encryptionKeys),
    publicUrl: config.publicUrl,
    now: () => new Date(),
    log: (job, line) => log.info({ job, ...line }, job),
    pollEveryMs: config.pollEveryMs,
    vendorLimits: config.vendorLimits,
    alertChannel: config.alertChannel,
    webhookNetworks: config.webhookNetworks,
    workflowBundle: await bundleWorkflows(),
    buildId: config.buildId,
  })

  await scheduleMaintenance(client, config.maintenanceEveryMs)
  const told = (message: string) => (error: unknown) =>
    log.warn({ code: error instanceof Error ? error.name : 'unknown' }, message)
  const regular = [
    regularly(
      resignalEveryMs,
      () => resignal(client, database, new Date()),
      told('standing nudges could not be signalled again'),
    ),
    regularly(
      sequenceEveryMs,
      () => sequenceEvents(client, database, new Date()),
      told('events could not be given their positions'),
    ),
    regularly(
      overdueEveryMs,
      () => wakeOverdue(client, database, new Date()),
      told('webhook endpoints could not be woken'),
    ),
    regularly(
      tidyEveryMs,
      () => database.system((db) => forgetPreviews(db, new Date())),
      told('previews that nobody reads any more could not be removed'),
    ),
    regularly(
      forgetEveryMs,
      () => database.system((db) => forgetDeliveries(db, new Date(Date.now() - deliveriesKeptMs))),
      told('old deliveries could not be removed'),
    ),
  ]
  // The stack that started us is gone: nobody would stop us later.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  const running = Promise.all(workers.map((worker) => worker.run()))
  log.info({ namespace, address }, 'the worker polls')
  process.send?.({ ready: true })
  await running
  for (const one of regular) one.stop()
  await Promise.all([connection.close(), clientConnection.close(), database.close()])
  if (process.connected) process.disconnect()
}

/** Of what Temporal's SDK would log, the ids: its metadata may hold arguments. */
function onlyIds(meta: Record<string | symbol, unknown> | undefined): Record<string, unknown> {
  const kept = ['workflowId', 'runId', 'workflowType', 'activityType', 'taskQueue', 'attempt']
  return Object.fromEntries(kept.flatMap((name) => (meta?.[name] === undefined ? [] : [[name, meta[name]]])))
}

// A process that froze inside a transaction wakes to a connection the server has ended, which postgres.js cannot mend from
// within (https://github.com/porsager/postgres/issues/1133): it ends, others have its work, and a fresh one is to be started.
process.on('uncaughtException', (error) => {
  const isEnded = error.stack?.includes('postgres/src/connection.js') === true
  const reason = isEnded
    ? 'PostgreSQL had ended a transaction of this process, which was frozen or cut off'
    : String(error.stack)
  process.stderr.write(`The worker ends: ${reason}. Nothing is lost; start it again.\n`)
  process.exit(1)
})

try {
  await main(loadConfig())
} catch (error) {
  const isOurs = error instanceof InvalidConfig
  process.stderr.write(`${isOurs ? error.message : `The worker could not start: ${String(error)}`}\n`)
  process.exit(1)
}
