import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'

/** Writes the histories of the running stack's workflows to tests/workflows/histories, where a test replays them. */
const folder = join(import.meta.dirname, '../tests/workflows/histories')
const dataDir = process.env['DATA_DIR'] ?? '.data'
const endpoints = JSON.parse(readFileSync(join(dataDir, 'endpoints.json'), 'utf8')) as {
  temporal: { address: string; namespace: string }
}

const connection = await Connection.connect({ address: endpoints.temporal.address })
const client = new Client({ connection, namespace: endpoints.temporal.namespace })
mkdirSync(folder, { recursive: true })
const recorded = new Map<string, number>()
for await (const { workflowId, type, runId } of client.workflow.list()) {
  const number = (recorded.get(type) ?? 0) + 1
  // A few of each kind show every path the demo walks; more would only make the test slow.
  if (number > 4) continue
  recorded.set(type, number)
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  const name = `${type.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}-${number}.json`
  // Who worked it on which machine is of no interest, and differs each time.
  const json = historyToJSON(history).replaceAll(/"identity": "[^"]*"/g, '"identity": "worker"')
  writeFileSync(
    join(folder, name),
    `${JSON.stringify({ workflowId, history: JSON.parse(json) as object })}\n`,
  )
  console.log(`${name}: ${workflowId}, ${history.events?.length ?? 0} events`)
}
await connection.close()
