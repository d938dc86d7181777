import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveConsole } from '../../api/plugins/console.ts'
import { ask } from './running-api.ts'

let folder: string
let app: FastifyInstance

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<title>Console</title>')
  await writeFile(join(folder, 'assets', 'app.js'), 'export {}')
  app = fastify()
  await serveConsole(app, folder)
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})

test.each(['/', '/providers/6df21b62-b74a-499e-9306-2116f61f51ba', '/entries?from=x'])(
  'an address that only the console knows is its first page: %s',
  async (url) => {
    const page = await ask(app, { url })
    expect(page.status).toBe(200)
    expect(page.text).toContain('Console')
    expect(page.headers['content-security-policy']).toContain("default-src 'self'")
  },
)

test.each(['/api/v1/nothing', '/assets/gone.js', '/oauth/nothing', '/webhooks/nothing'])(
  'an address that belongs to no page is not found: %s',
  async (url) => expect((await ask(app, { url })).status).toBe(404),
)

test('nothing outside the console is served', async () => {
  const page = await ask(app, { url: '/..%2f..%2fpackage.json' })
  expect(page.text).not.toContain('dependencies')
})
