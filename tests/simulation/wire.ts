import { Client, Connection } from '@temporalio/client'
import { changed } from '../../workflows/provider-messages.ts'
import { calendarProviderId } from '../../workflows/ids.ts'

/** The way to Temporal: what goes over it stays in hand, and it may be cut. */
export interface Wire {
  client: Client
  /** Providers that were told to look and have not since. */
  nudged: Set<string>
  /** Providers that were told that their row or their subscription changed. */
  changed: Set<string>
  isCut: boolean
}

/** A Temporal client whose signals arrive here and not at a server: a history takes its providers' steps itself. */
export function openWire(): Wire {
  const wire: Wire = { client: clientOf(arrive), nudged: new Set(), changed: new Set(), isCut: false }
  return wire

  function arrive(workflowId: string, signalName: string): void {
    if (wire.isCut) throw new Error('Temporal is away.')
    const told = signalName === changed.name ? wire.changed : wire.nudged
    told.add(workflowId.slice(calendarProviderId('').length))
  }
}

function clientOf(arrive: (workflowId: string, signalName: string) => void): Client {
  const interceptor = {
    async signal(input: { workflowExecution: { workflowId: string }; signalName: string }): Promise<void> {
      arrive(input.workflowExecution.workflowId, input.signalName)
    },
    async signalWithStart(input: { options: { workflowId: string }; signalName: string }): Promise<string> {
      arrive(input.options.workflowId, input.signalName)
      return 'run'
    },
  }
  return new Client({
    connection: Connection.lazy({ address: '127.0.0.1:1' }),
    namespace: 'calendar-sync',
    interceptors: { workflow: [interceptor] },
  })
}
