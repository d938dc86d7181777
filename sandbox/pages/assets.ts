import type { FastifyInstance } from 'fastify'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../world.ts'
import { stampOf } from './stamp.ts'
import { gridRules } from './grid-rules.ts'

const folder = join(import.meta.dirname, 'browser')
const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  css: 'text/css; charset=utf-8',
}
const names = readdirSync(folder)

/** The script, style and icon of the pages, read once, and the stamp by which a page knows that something changed. */
export function assetRoutes(app: FastifyInstance, world: World): void {
  const files = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  files.set('look.css', `${files.get('look.css') ?? ''}\n${gridRules()}`)
  for (const [name, text] of files) {
    const type = types[name.split('.').at(-1) ?? ''] ?? 'text/plain'
    app.get(`/pages/${name}`, (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(text),
    )
  }
  app.get('/pages/stamp', (_request, reply) =>
    reply.type('text/plain').header('cache-control', 'no-store').send(stampOf(world)),
  )
}
