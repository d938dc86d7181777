import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { Stack } from './stack.ts'

/** Where `npm run prove -- histories` writes what it recorded. */
export const recordedFolder = join(import.meta.dirname, '../../.data/histories')

/**
 * Writes down the histories of a path: of the workflows named, and of every child that belongs to a provider among them. Answers the
 * files' names: the path, the workflow's type and a number.
 */
export async function record(stack: Stack, path: string, workflowIds: string[]): Promise<string[]> {
  mkdirSync(recordedFolder, { recursive: true })
  const files: string[] = []
  const counts = new Map<string, number>()
  for (const workflowId of workflowIds) {
    const ofIt = `WorkflowId = '${workflowId}'`
    const ofProvider = `WorkflowId STARTS_WITH 'sync-run/${workflowId.replace('provider/', '')}/'`
    for await (const found of stack.temporal.workflow.list({ query: `${ofIt} OR ${ofProvider}` })) {
      const number = (counts.get(found.type) ?? 0) + 1
      counts.set(found.type, number)
      // Two of a kind show what a path does; more would only make replays slow.
      if (number > 2) continue
      const history = await stack.temporal.workflow.getHandle(found.workflowId, found.runId).fetchHistory()
      // Who worked it on which machine is of no interest, and differs each time.
      const json = historyToJSON(history).replaceAll(/"identity": "[^"]*"/g, '"identity": "worker"')
      const kind = found.type.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      const file = `${path}.${kind}-${number}.json`
      const recorded = { workflowId: found.workflowId, history: JSON.parse(json) as object }
      writeFileSync(join(recordedFolder, file), `${JSON.stringify(recorded)}\n`)
      files.push(file)
    }
  }
  return files
}
