import { join } from 'node:path'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import { Client, Connection } from '@temporalio/client'
import { deployedVersions, makeCurrent } from '../worker/deployment.ts'
import type { Endpoints } from './parts/endpoints.ts'
import { answerHelp, giveUp } from './parts/command.ts'
import { dataDirFrom, readJson } from './parts/data-dir.ts'

answerHelp(`
npm run workers: the versions of the workers, where they are started with WORKER_BUILD_ID.

  npm run workers -- status             which versions Temporal knows, and which may be stopped
  npm run workers -- current BUILD_ID   from now on new work goes to this version

  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE   where Temporal is; without them the product that runs on this machine (DATA_DIR)
`)

const meaning = {
  current: 'takes new work',
  ramping: 'takes some of the new work',
  draining: 'has runs that began on it: leave its workers up',
  drained: 'has no runs any more: its workers may be stopped',
  inactive: 'has workers and takes no work: make it current',
}

try {
  const [command, buildId] = process.argv.slice(2)
  if (command !== 'status' && !(command === 'current' && buildId))
    throw new Error('Say what to do: npm run workers -- status, or: npm run workers -- current BUILD_ID')
  const { address, namespace } = whereTemporalIs()
  const { connectionOptions } = loadClientConnectConfig()
  const connection = await Connection.connect({ ...connectionOptions, address })
  const client = new Client({ connection, namespace })
  try {
    if (buildId !== undefined) await makeCurrent(client, buildId).catch(explain(buildId))
    const versions = await deployedVersions(client).catch(() => [])
    if (versions.length === 0) console.log('No worker runs with WORKER_BUILD_ID: all take whatever comes.')
    for (const version of versions)
      console.log(`${version.buildId.padEnd(24)} ${version.state.padEnd(9)} ${meaning[version.state]}`)
  } finally {
    await connection.close()
  }
} catch (error) {
  giveUp(error)
}

function explain(buildId: string): (error: unknown) => never {
  return (error) => {
    const details =
      error instanceof Error && 'details' in error ? String(error.details) : 'Temporal does not answer.'
    throw new Error(`${buildId} was not made current. Start its workers first, all of them. (${details})`)
  }
}

function whereTemporalIs(): { address: string; namespace: string } {
  const here = readJson(join(dataDirFrom(process.env), 'endpoints.json')) as Endpoints | null
  const address = process.env['TEMPORAL_ADDRESS'] || here?.temporal.address
  if (!address)
    throw new Error('Nothing runs here: start the product (npm start), or set TEMPORAL_ADDRESS to host:port.')
  return {
    address,
    namespace: process.env['TEMPORAL_NAMESPACE'] || here?.temporal.namespace || 'calendar-sync',
  }
}
