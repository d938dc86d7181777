import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isAlive, record } from '../../scripts/parts/alive.ts'
import { claimDataDir, findRun } from '../../scripts/parts/lock.ts'
import { temporaryFolder } from './temporary.ts'

function sleeper(): ChildProcess & { pid: number } {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child as ChildProcess & { pid: number }
}

test('a second start on the same folder names the one that runs', async () => {
  const folder = temporaryFolder()
  const claim = await claimDataDir(folder)
  claim.setConsole('http://127.0.0.1:4400')
  await expect(claimDataDir(folder)).rejects.toThrow(`pid ${process.pid}, at http://127.0.0.1:4400`)
  claim.release()
  expect(findRun(folder)).toBeNull()
})

test('a claim whose process is gone is taken over, and what it left running is ended', async () => {
  const folder = temporaryFolder()
  const dead = sleeper()
  const orphan = sleeper()
  const run = { ...record(dead.pid), parts: [{ name: 'Worker', ...record(orphan.pid) }] }
  dead.kill('SIGKILL')
  await once(dead, 'exit')
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run))

  const claim = await claimDataDir(folder)
  expect(isAlive(orphan.pid)).toBe(false)
  claim.release()
})

test('a process that merely got a recorded pid is left alone', async () => {
  const folder = temporaryFolder()
  const stranger = sleeper()
  const asRecorded = { pid: stranger.pid, began: 'another time' }
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ ...asRecorded, parts: [{ name: 'API', ...asRecorded }] }),
  )
  const claim = await claimDataDir(folder)
  expect(isAlive(stranger.pid)).toBe(true)
  claim.release()
})

test('half a claim, as a full disk leaves it, holds nobody off', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'run.json'), '{"pid":')
  const claim = await claimDataDir(folder)
  expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject({ pid: process.pid })
  claim.release()
  expect(existsSync(join(folder, 'run.json'))).toBe(false)
})
