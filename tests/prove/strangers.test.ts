import { describe, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/server.ts'
import { complaintsAbout } from '../sandbox/conformance.ts'
import { factsFrom, factsIn, strangersPython, type Fact } from '../support/python.ts'

const clients = {
  'google-api-python-client': 'google_client.py',
  'msgraph-sdk': 'graph_client.py',
  gcsa: 'gcsa_client.py',
  'python-o365': 'o365_client.py',
}
const python = await strangersPython()

describe.each(Object.entries(clients))('%s', async (_client, script) => {
  const complaints: string[] = []
  const facts = await ask(script, complaints)

  test.each(facts.map(({ fact, failure }) => [fact, failure]))('%s', (_fact, failure) => {
    expect(failure).toBeNull()
  })

  test('came to the end of all it set out to show', () => {
    expect(facts.map(({ fact }) => fact)).toEqual(factsIn(script))
    expect(facts).not.toEqual([])
  })

  test('was answered as the vendor’s published types say', () => {
    expect(complaints).toEqual([])
  })
})

async function ask(script: string, complaints: string[]): Promise<Fact[]> {
  const sandbox = await startSandbox({
    seed: 'strangers',
    onAnswer: (answered) => complaints.push(...complaintsAbout(answered)),
  })
  try {
    return await factsFrom(python, script, sandbox.url)
  } finally {
    await sandbox.close()
  }
}
