import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

interface Service {
  image: string
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  ports?: string[]
  volumes?: string[]
}

const text = readFileSync(join(import.meta.dirname, '..', '..', 'temporal-compose.yml'), 'utf8')
const { services, volumes } = parse(text, { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}

test('the compose file runs a database, its schema, one server, its namespace and the Web UI', () => {
  expect(Object.keys(services)).toEqual(['database', 'schema', 'server', 'namespace', 'ui'])
  expect(services['server']?.image).toMatch(/^temporalio\/server:1\.32\./)
  expect(services['server']?.environment).toMatchObject({ NUM_HISTORY_SHARDS: '512', DB: 'postgres12' })
})

test('every service waits only for services there are, and mounts only volumes there are', () => {
  for (const service of Object.values(services)) {
    for (const name of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty(name)
    for (const mount of service.volumes ?? []) expect(volumes).toHaveProperty(mount.split(':')[0] ?? '')
  }
})

test('every image is pinned to a version', () => {
  for (const { image } of Object.values(services)) expect(image).toMatch(/:\d+(\.\d+)*$/)
})

test('the file holds no secret and opens no port to other machines', () => {
  for (const service of Object.values(services)) {
    const passwords = Object.entries(service.environment ?? {}).filter(([name]) => /PASSWORD|PWD/.test(name))
    for (const [, value] of passwords) expect(value).toMatch(/^\$\{\w+:\?/)
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
  }
})
