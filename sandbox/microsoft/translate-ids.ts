import type { JsonObject } from '../json.ts'
import { GraphError, invalidRequest, notPlayed } from './errors.ts'
import { eventId, readEventId } from './ids.ts'
import { metadata } from './calls.ts'
import { deserialise } from './odata/deserialise.ts'
import { collection, complex, enumeration } from './odata/edm.ts'
import { movesOf } from './store.ts'
import type { MicrosoftAccount } from './types.ts'

const idsMax = 1000
const format = enumeration('exchangeIdFormat', 'entryId ewsId immutableEntryId restId restImmutableEntryId')
const bodyType = complex('translateExchangeIdsRequestBody', {
  inputIds: collection({ kind: 'string' }),
  sourceIdType: format,
  targetIdType: format,
})

interface Wish {
  inputIds?: string[] | null
  sourceIdType?: string | null
  targetIdType?: string | null
}

/** Ids in their other spelling; those of calendars have one alone. https://learn.microsoft.com/graph/api/user-translateexchangeids */
export function translateIds(account: MicrosoftAccount, sent: unknown): JsonObject {
  const { inputIds, sourceIdType, targetIdType }: Wish = deserialise(sent, bodyType, 'refused')
  if (!inputIds || !sourceIdType || !targetIdType)
    throw invalidRequest('InputIds and both id types are required.')
  if (inputIds.length > idsMax) throw invalidRequest(`The number of ids must not be greater than ${idsMax}.`)
  const isBinary = [sourceIdType, targetIdType].some(
    (type) => type.toLowerCase().includes('entryid') && !type.startsWith('rest'),
  )
  if (isBinary) throw notPlayed('ids of the kinds entryId and immutableEntryId')
  const value = inputIds.map((sourceId) => translated(account, sourceId, targetIdType))
  return { '@odata.context': `${metadata}#Collection(microsoft.graph.convertIdResult)`, value }
}

function translated(account: MicrosoftAccount, sourceId: string, targetIdType: string): JsonObject {
  if (account.calendars.has(sourceId)) return { sourceId, targetId: sourceId }
  try {
    const { core, date } = readEventId(sourceId, movesOf(account))
    return { sourceId, targetId: eventId(core, targetIdType === 'restImmutableEntryId', date) }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return { sourceId, errorDetails: { code: error.code, message: error.message } }
  }
}
