import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyOfCode, type Copy } from '../../scripts/parts/mutants/copy.ts'
import { deployedVersions, makeCurrent } from '../../worker/deployment.ts'
import { providerStatus } from '../../workflows/provider-messages.ts'
import { kill } from '../support/kills.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Stack } from '../support/stack.ts'

let stack: Stack
let next: Copy
beforeAll(async () => {
  stack = await startStack({ workers: 0 })
  // A run of the next version begins with a step that those of before do not have: neither can go on with the other's history.
  next = copyOfCode()
  next.plant({
    name: 'the next version',
    changes: [
      {
        file: 'workflows/sync-run.ts',
        find: '  setCurrentDetails,\n',
        replace: '  setCurrentDetails,\n  sleep,\n',
      },
      {
        file: 'workflows/sync-run.ts',
        find: '  let failure: RunFailure | null = null\n',
        replace: "  await sleep('10 milliseconds')\n  let failure: RunFailure | null = null\n",
      },
    ],
    caughtBy: [],
  })
})
afterAll(async () => {
  await stack.close()
  next.remove()
})

const current = (buildId: string) =>
  until(
    `${buildId} is current`,
    async () => {
      // A version is known once all its workers have asked for work.
      await makeCurrent(stack.temporal, buildId).catch(() => {})
      return deployedVersions(stack.temporal).catch(() => [])
    },
    (versions) => versions.some((version) => version.buildId === buildId && version.state === 'current'),
  )

const describe = (workflowId: string) => stack.temporal.workflow.getHandle(workflowId).describe()
const versionOf = async (workflowId: string) =>
  (await describe(workflowId)).raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId
const failedTasks = async (workflowId: string) => {
  const { events } = await stack.temporal.workflow.getHandle(workflowId).fetchHistory()
  return (events ?? []).flatMap((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? [])
}

test('workers are upgraded while a run is under way: it ends on its own version, and everything after it is the next one’s', async () => {
  const before = await stack.startWorker({ buildId: 'one' })
  await current('one')
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('google', memberId)
  const providerId = `provider/${calendar.id}`
  const titles = async () => {
    const { items } = await stack.api.get<{ items: { title: string }[] }>(`/entries?assignee=${memberId}`)
    return items.map(({ title }) => title).toSorted()
  }
  await calendar.person.create({ title: 'Before', start: tomorrow(9), end: tomorrow(10) })
  await until('before', titles, (seen) => seen.includes('Before'))
  await until(
    'at rest',
    async () => (await stack.temporal.workflow.getHandle(providerId).query(providerStatus)).phase,
    (phase) => phase === 'connected',
  )

  await stack.startWorker({ buildId: 'two', folder: next.folder })
  await until(
    'known',
    () => deployedVersions(stack.temporal),
    (versions) => versions.length === 2,
  )
  const slowly = { kind: 'latency', ms: 8_000, when: 'before', times: 'always' }
  await stack.control.fault({ ...slowly, vendor: 'google', account: calendar.email })
  const { run } = await stack.api.post<{ run: { id: string } }>(`/providers/${calendar.id}/sync`)
  const { workflowId } = await stack.api.get<{ workflowId: string }>(`/runs/${run.id}`)
  await current('two')
  expect((await describe(workflowId)).status.name).toBe('RUNNING')
  await calendar.person.create({ title: 'Meanwhile', start: tomorrow(11), end: tomorrow(12) })
  await stack.control.clearFaults()
  const ended = await until(
    'the run of before',
    () => stack.api.get<{ outcome: string | null }>(`/runs/${run.id}`),
    ({ outcome }) => outcome !== null,
    60_000,
  )
  expect(ended.outcome).toBe('completed')
  expect(await versionOf(workflowId)).toBe('one')

  await until('meanwhile', titles, (seen) => seen.includes('Meanwhile'))
  await kill(before)
  await calendar.person.create({ title: 'After', start: tomorrow(13), end: tomorrow(14) })
  await until('after', titles, (seen) => seen.includes('After'), 60_000)
  const { items } = await stack.api.get<{ items: { workflowId: string }[] }>(`/providers/${calendar.id}/runs`)
  expect(await versionOf(items[0]?.workflowId ?? '')).toBe('two')
  expect(await versionOf(providerId)).toBe('two')
  for (const id of [providerId, ...items.map((item) => item.workflowId)])
    expect(await failedTasks(id)).toEqual([])
}, 180_000)
