import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { apiClient, type ApiClient } from './api-client.ts'
import { answerHelp, giveUp } from './parts/command.ts'
import { dataDirFrom, readJson } from './parts/data-dir.ts'

answerHelp(`
npm run tenant: make tenants of the product that runs on this machine.

  npm run tenant -- create --name NAME    makes a tenant; prints its id, its first API key and a sign-in link
  npm run tenant -- sign-in --name NAME   prints a new link that signs one browser in, once

  DATA_DIR   the running product's folder (.data)
`)

interface Tenant {
  id: string
  name: string
}

try {
  const { values, positionals } = parseArgs({
    options: { name: { type: 'string' } },
    allowPositionals: true,
  })
  const [command] = positionals
  if (!values.name || (command !== 'create' && command !== 'sign-in')) {
    throw new Error('Say what to do, for example: npm run tenant -- create --name "Acme"')
  }
  const operator = runningProduct(dataDirFrom(process.env))
  await (command === 'create' ? create(operator, values.name) : signIn(operator, values.name))
} catch (error) {
  giveUp(error)
}

async function create(operator: ApiClient, name: string): Promise<void> {
  const { tenant, apiKey } = await operator.post<{ tenant: Tenant; apiKey: string }>('/tenants', { name })
  console.log(`Tenant    ${tenant.name}`)
  console.log(`Id        ${tenant.id}`)
  console.log(`API key   ${apiKey}   (shown this once)`)
  console.log(`Sign in   ${await linkFor(operator, tenant)}   (works once, for ten minutes)`)
}

async function signIn(operator: ApiClient, name: string): Promise<void> {
  const query = `?name=${encodeURIComponent(name)}`
  const [tenant] = (await operator.get<{ items: Tenant[] }>(`/tenants${query}`)).items
  if (!tenant) throw new Error(`There is no tenant "${name}".`)
  console.log(await linkFor(operator, tenant))
}

async function linkFor(operator: ApiClient, tenant: Tenant): Promise<string> {
  return (await operator.post<{ url: string }>(`/tenants/${tenant.id}/sign-in-links`)).url
}

function runningProduct(dataDir: string): ApiClient {
  const endpoints = readJson(join(dataDir, 'endpoints.json')) as { api: string } | null
  if (!endpoints) throw new Error(`Nothing runs in ${dataDir}: start the product first, with npm start.`)
  const secrets = readJson(join(dataDir, 'secrets.json')) as { operatorKey?: string } | null
  const operatorKey = process.env['OPERATOR_KEY'] || secrets?.operatorKey
  if (!operatorKey)
    throw new Error(`${join(dataDir, 'secrets.json')} holds no operatorKey: set OPERATOR_KEY.`)
  return apiClient(endpoints.api, operatorKey)
}
