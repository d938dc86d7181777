import { connect } from '../../db/connection.ts'
import { holdLease } from '../../db/cursors.ts'
import { findMember } from '../../db/members.ts'

/** A process that is for ever inside a transaction that holds a provider's lease: started to be frozen in it. */
const [url = '', tenantId = '', providerId = '', epoch = ''] = process.argv.slice(2)
const database = connect(url, { poolSize: 1 })
process.once('disconnect', () => process.exit())
await database.tenant(tenantId, async (db) => {
  await holdLease(db, { tenantId, providerId, epoch: Number(epoch) })
  process.send?.({ ready: true })
  while (true) await findMember(db, providerId)
})
