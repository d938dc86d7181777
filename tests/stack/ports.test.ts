import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { choosePort, freePort, isFree, knock, nextFreePort } from '../../scripts/parts/ports.ts'

async function takenPort(): Promise<number> {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return port
}

test('a chosen port that is taken is an error that names it', async () => {
  const port = await takenPort()
  await expect(choosePort('PORT', String(port), 4400)).rejects.toThrow(
    `PORT=${port} is taken by another process`,
  )
})

test('a default port that is taken moves to the next free one', async () => {
  const port = await takenPort()
  const moved = await choosePort('PORT', undefined, port)
  expect(moved).toBeGreaterThan(port)
  expect(await isFree(moved)).toBe(true)
})

test('a port promised to one part is not given to another', async () => {
  const port = await freePort()
  expect(await nextFreePort(port, [port])).not.toBe(port)
})

test.each(['0', '65536', 'http', '4400.5'])('"%s" is not a port', async (text) => {
  await expect(choosePort('PORT', text, 4400)).rejects.toThrow(`PORT=${text} is not a port`)
})

test('a closed port is told from an open one', async () => {
  const open = await takenPort()
  await expect(knock('127.0.0.1', open, 1000)).resolves.toBeUndefined()
  const closed = await freePort()
  await expect(knock('127.0.0.1', closed, 1000)).rejects.toThrow(`nothing listens at 127.0.0.1:${closed}`)
})
