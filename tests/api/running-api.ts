import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { inject } from 'vitest'
import { createApp } from '../../api/app.ts'
import type { ApiConfig, ApiDeps } from '../../api/dependencies.ts'
import { createEnvelope } from '../../db/envelope.ts'
import { documentedLimits } from '../../domain/vendor-limits.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'

export const operatorKey = 'op_for_tests'

export interface RunningApi {
  app: FastifyInstance
  database: TestDatabase
  deps: ApiDeps
  temporal: Client
  /** Moves the API's clock. */
  advance(ms: number): void
  /** Everything the API logged. */
  logs: string[]
  newTenant(): Promise<Caller>
  close(): Promise<void>
}

/** The API on a database of its own and the run's Temporal, asked without a socket. */
export async function runningApi(wishes: Partial<ApiConfig> = {}): Promise<RunningApi> {
  const database = await testDatabase()
  const connection = await Connection.connect({ address: inject('temporalAddress') })
  const temporal = new Client({ connection, namespace: 'calendar-sync' })
  let offsetMs = 0
  const logs: string[] = []
  const deps: ApiDeps = {
    database,
    envelope: createEnvelope([randomBytes(32).toString('base64')]),
    temporal,
    config: {
      publicUrl: 'http://127.0.0.1:4400',
      operatorKey,
      sandboxUrl: null,
      vendorUrls,
      vendorLimits: documentedLimits,
      pollEveryMs: 5 * 60_000,
      maintenanceEveryMs: 15 * 60_000,
      webhookNetworks: [],
      ...wishes,
    },
    now: () => new Date(Date.now() + offsetMs),
    pause: (ms) => pause(ms),
    newId: randomUUID,
    // No worker is there to follow.
    patienceMs: 100,
    logger: { level: 'info', stream: { write: (line) => void logs.push(line) } },
  }
  const app = await createApp(deps)
  const providers = async () =>
    (await database.owner`select id from providers`).map((row) => String(row['id']))
  return {
    app,
    database,
    deps,
    temporal,
    advance: (ms) => void (offsetMs += ms),
    logs,
    newTenant: () => newTenant(app),
    async close() {
      await endWorkflows(temporal, await providers())
      await app.close()
      await Promise.all([connection.close(), database.close()])
    },
  }
}

/** No worker of this run would ever finish them. */
async function endWorkflows(temporal: Client, providerIds: string[]): Promise<void> {
  for (const id of providerIds) {
    await temporal.workflow
      .getHandle(`provider/${id}`)
      .terminate('the test is over')
      .catch(() => {})
  }
}

const urls = (host: string) => ({
  api: `https://${host}`,
  authorize: `https://${host}`,
  token: `https://${host}`,
})
const vendorUrls = { google: urls('google.invalid'), microsoft: urls('microsoft.invalid') }

export interface Answer {
  status: number
  headers: Record<string, unknown>
  text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers as a client does
  body: any
}

/** One tenant's application, with its key. */
export interface Caller {
  tenantId: string
  apiKey: string
  call(method: Method, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export async function ask(app: FastifyInstance, options: InjectOptions): Promise<Answer> {
  const answer = await app.inject(options)
  const isJson = String(answer.headers['content-type']).includes('json')
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    body: isJson ? JSON.parse(answer.body) : undefined,
  }
}

export async function asOperator(
  app: FastifyInstance,
  method: Method,
  path: string,
  body?: unknown,
): Promise<Answer> {
  return ask(app, {
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${operatorKey}` },
    ...(body === undefined ? {} : { payload: body as object }),
  })
}

async function newTenant(app: FastifyInstance): Promise<Caller> {
  const { body } = await asOperator(app, 'POST', '/tenants', { name: `Tenant ${randomUUID()}` })
  const apiKey = String(body.apiKey)
  return {
    tenantId: String(body.tenant.id),
    apiKey,
    call: (method, path, payload, headers = {}) =>
      ask(app, {
        method,
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${apiKey}`, ...headers },
        ...(payload === undefined ? {} : { payload: payload as object }),
      }),
  }
}

export async function newMember(caller: Caller, name = 'Dana Demo'): Promise<string> {
  const email = `${randomUUID()}@example.com`
  return String((await caller.call('POST', '/members', { email, name })).body.id)
}

export async function newProvider(
  caller: Caller,
  wishes: Record<string, unknown> = {},
): Promise<{ id: string; memberId: string }> {
  const memberId = typeof wishes['memberId'] === 'string' ? wishes['memberId'] : await newMember(caller)
  const wish = { name: 'Work', vendor: 'google', memberId, ...wishes }
  return { id: String((await caller.call('POST', '/providers', wish)).body.id), memberId }
}
