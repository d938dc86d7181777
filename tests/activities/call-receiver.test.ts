import { createServer } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { callReceiver, type Resolver } from '../../activities/call-receiver.ts'
import { startReceiver } from '../support/receiver.ts'

const call = (url: string, resolver?: Resolver, networks: string[] = [], patienceMs = 5_000) =>
  callReceiver({ url, headers: {}, body: '{}', patienceMs, rules: { networks } }, resolver)

/** Names lead to these addresses, each time it is asked to the next ones. */
const leadingTo = (...answers: string[][]): Resolver => {
  let asked = 0
  return (_name, _options, callback) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? []
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

test.each(['127.0.0.1', '10.0.0.7', '169.254.169.254', '::1', '::ffff:192.168.0.1', 'fd00::1'])(
  'a name that leads to %s is not called',
  async (address) => {
    const answered = await call('https://hooks.example.com/', leadingTo([address]))
    expect(answered).toEqual({ status: null, error: 'address-refused' })
  },
)

test('a name with one public address and one that is not is not called', async () => {
  const answered = await call('https://hooks.example.com/', leadingTo(['93.184.215.14', '127.0.0.1']))
  expect(answered).toEqual({ status: null, error: 'address-refused' })
})

test('the address that was judged is the one that is called: a name is asked for once', async () => {
  const receiver = await startReceiver()
  const { port } = new URL(receiver.url)
  let asked = 0
  const once: Resolver = (...given) => {
    asked++
    leadingTo(['127.0.0.1'], ['10.0.0.1'])(...given)
  }
  const answered = await call(`http://hooks.localhost:${port}/`, once, ['127.0.0.0/8'])
  expect(answered).toEqual({ status: 204, error: null })
  expect(asked).toBe(1)
  await receiver.close()
})

test('a name that nobody knows is told as that', async () => {
  const unknown: Resolver = (_name, _options, callback) =>
    callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), [])
  expect(await call('https://hooks.example.com/', unknown)).toEqual({ status: null, error: 'name-unknown' })
})

test('a receiver that says nothing is left after its time', async () => {
  const receiver = await startReceiver()
  receiver.behave(() => 'silence')
  const answered = await call(receiver.url, undefined, ['127.0.0.0/8'], 200)
  expect(answered).toEqual({ status: null, error: 'timeout' })
  await receiver.close()
})

test('a receiver that cuts the line, and one that does not speak TLS, are told apart from silence', async () => {
  const server = createServer((request) => request.socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  expect(await call(`http://127.0.0.1:${port}/`, undefined, ['127.0.0.0/8'])).toEqual({
    status: null,
    error: 'connection-lost',
  })
  expect(await call(`https://127.0.0.1:${port}/`, undefined, ['127.0.0.0/8'])).toEqual({
    status: null,
    error: 'tls',
  })
  server.close()
})

test('an endless answer holds nobody up: of an answer the status is read', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('x'.repeat(10_000)), 1)
    response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? Number(address?.port) : 0
  expect(await call(`http://127.0.0.1:${port}/`, undefined, ['127.0.0.0/8'], 1_000)).toEqual({
    status: 200,
    error: null,
  })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await expect(
    new Promise((_resolve, reject) => {
      connect(port, '127.0.0.1').on('error', reject)
    }),
  ).rejects.toThrow('ECONNREFUSED')
})
