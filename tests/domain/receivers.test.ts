import { expect, test } from 'vitest'
import { brokenUrlRule, isNetwork, mayBeCalled } from '../../domain/receivers.ts'

const publicOnly = { networks: [] }
const withLoopback = { networks: ['127.0.0.0/8', '::1/128'] }

test.each([
  'https://example.com/hooks',
  'https://example.com:8443/hooks?tenant=1',
  'https://93.184.215.14/hooks',
  'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/hooks',
])('%s may be called', (url) => {
  expect(brokenUrlRule(url, publicOnly)).toBeUndefined()
})

const notPublic = 'must lead to a public address: private, local and reserved networks are not called.'
test.each([
  ['no URL at all', 'must be a URL like https://example.com/hooks.'],
  ['ftp://example.com/', 'must be https, like https://example.com/hooks.'],
  ['file:///etc/passwd', 'must be https, like https://example.com/hooks.'],
  ['http://example.com/hooks', 'must be https; http only on loopback.'],
  ['https://user:word@example.com/', 'must not hold a user or a password: the signature says who calls.'],
  ['https://example.com/#part', 'must not hold a fragment.'],
  ['https://localhost/', 'must lead to a public address: this machine is not called.'],
  ['https://api.localhost/', 'must lead to a public address: this machine is not called.'],
  ...[
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[2002:a00:1::]/',
  ].map((url) => [url, notPublic]),
])('%s is refused, and why', (url, rule) => {
  expect(brokenUrlRule(url, publicOnly)).toBe(rule)
})

test('a network that an operator names is called, and nothing beside it', () => {
  const rules = { networks: ['10.1.0.0/16'] }
  expect(mayBeCalled('10.1.2.3', rules)).toBe(true)
  expect(mayBeCalled('::ffff:10.1.2.3', rules)).toBe(true)
  expect(mayBeCalled('10.2.0.1', rules)).toBe(false)
  expect(mayBeCalled('127.0.0.1', rules)).toBe(false)
  expect(mayBeCalled('not an address', rules)).toBe(false)
})

test('http is for this machine alone', () => {
  expect(brokenUrlRule('http://127.0.0.1:8080/hooks', withLoopback)).toBeUndefined()
  expect(brokenUrlRule('http://localhost:8080/hooks', withLoopback)).toBeUndefined()
  expect(brokenUrlRule('http://[::1]:8080/hooks', withLoopback)).toBeUndefined()
  expect(brokenUrlRule('http://10.1.2.3/hooks', { networks: ['10.1.0.0/16'] })).toBe(
    'must be https; http only on loopback.',
  )
})

test('a block of addresses is told from anything else', () => {
  expect(['10.0.0.0/8', '::1/128'].every(isNetwork)).toBe(true)
  expect(['10.0.0.0', '10.0.0.0/33', 'here', ''].some(isNetwork)).toBe(false)
})
