import { startSandbox } from '../../sandbox/server.ts'

/** Says how much of the heap plain events take in a sandbox of its own: by vendor, after so many events each. */
const collect = globalThis.gc
if (collect === undefined) throw new Error('Start with --expose-gc.')
const counts = process.argv.slice(2).map(Number)
const sandbox = await startSandbox({ seed: 'memory' })

async function post(path: string, body: object): Promise<void> {
  const answer = await fetch(`${sandbox.control}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Twice, since what the first collection frees may hold the last of something else. */
function heapBytes(): number {
  collect?.()
  collect?.()
  return process.memoryUsage().heapUsed + process.memoryUsage().external
}

const found: { vendor: string; events: number; bytesPerEvent: number }[] = []
for (const vendor of ['google', 'microsoft']) {
  const email = `memory@${vendor}.example`
  await post('accounts', { vendor, email })
  // What every account and the first request cost is no part of an event.
  await post(`accounts/${email}/events`, { vendor, count: 1 })
  const before = heapBytes()
  let made = 0
  for (const count of counts) {
    for (; made < count; made += 10_000)
      await post(`accounts/${email}/events`, { vendor, count: Math.min(10_000, count - made) })
    found.push({ vendor, events: made, bytesPerEvent: (heapBytes() - before) / made })
  }
}
process.send?.({ ready: true, found })
await sandbox.close()
