import { answerHelp } from '../scripts/parts/command.ts'
import { startPostgres } from '../scripts/parts/postgres.ts'
import { bareImport, rawUpsert, type BareCalendar } from './support/bare-import.ts'
import { databases, type BenchDatabase } from './support/database.ts'
import { median, report, rounded, timedMs } from './support/figures.ts'
import { sizesFrom } from './support/flags.ts'
import { exported, mixedEvents } from './support/mixed-calendar.ts'
import { measure, sandboxProcess, type SandboxControl } from './support/parts.ts'
import { connectProvider, productOn, run } from './support/provider.ts'
import { vdirsyncer } from './support/vdirsyncer.ts'

answerHelp(`
npm run bench -- first-import [--events 10000] [--rounds 3] [--copied 1000]: how fast a calendar is taken over.
The product: one run (pull, decide, push until at rest) on a Google calendar of so many events, a third of them series, played
in another process. Beside it, in the same run: a bare script that fetches the same pages and writes the same columns of the
same tables in multi-row statements, without any rules; as the limit, the upsert of external_events alone; and vdirsyncer,
which copies the same events from a Radicale server once to a folder of files, and so many of them (--copied) to another
calendar of it, as calendars are kept the same (Python 3.10 is needed). Every round has a fresh database; the rounds take
turns, and medians are told. Goals: 0.5 of the bare script's events a second, 30 times those of vdirsyncer between calendars.
`)

const { events, rounds, copied } = sizesFrom({ events: 10_000, rounds: 3, copied: 1_000 })
const goals = { bare: 0.5, calendars: 30 }
const email = 'import@google.example'
const mixed = mixedEvents(events)

await measure(async (dataDir) => {
  const [postgres, sandbox] = await Promise.all([startPostgres({ dataDir }), sandboxProcess(dataDir)])
  const templates = await databases(postgres.url)
  await sandbox.makeAccount('google', email)
  await sandbox.importCalendar('google', email, exported(mixed))

  const onFresh = async (work: (fresh: BenchDatabase) => Promise<number>): Promise<number> => {
    const fresh = await templates.fresh()
    try {
      return await work(fresh)
    } finally {
      await fresh.drop()
    }
  }
  const ours = () => onFresh((fresh) => importOnce(fresh, sandbox))
  await sandbox.forgetRequests()
  await ours()
  const calendar = await askedAs(sandbox)
  const bare = () =>
    onFresh(async ({ owner }) => {
      const tookMs = await timedMs(() => bareImport(owner, calendar))
      await expectRows(owner, events)
      return tookMs
    })
  const raw = () => onFresh(({ owner }) => rawUpsert(owner, calendar))
  await bare()
  await raw()

  const took: Record<'ours' | 'bare' | 'raw', number[]> = { ours: [], bare: [], raw: [] }
  for (let round = 0; round < rounds; round++) {
    took.ours.push(await ours())
    took.bare.push(await bare())
    took.raw.push(await raw())
  }
  await templates.close()

  const stranger = await vdirsyncer(dataDir)
  const folderMs = await stranger.firstSync('all', mixed, 'folder')
  const part = mixed.slice(0, copied)
  const calendarsMs = await stranger.firstSync('some', part, 'calendar')

  const ms = { ours: median(took.ours), bare: median(took.bare), raw: median(took.raw) }
  const oursAMs = events / ms.ours
  const row = (name: string, tookMs: number, count = events) => [
    name,
    count.toString(),
    tookMs.toFixed(0),
    Math.round(count / (tookMs / 1000)).toString(),
    (oursAMs / (count / tookMs)).toFixed(2),
  ]
  const ratio = rounded(ms.bare / ms.ours)
  const ofVdirsyncer = {
    folder: rounded(folderMs / ms.ours),
    calendars: rounded(oursAMs / (part.length / calendarsMs)),
  }
  report(
    [`medians of ${rounds} rounds`, 'events', 'ms', 'events/s', 'the product is'],
    [
      row('the product', ms.ours),
      row('bare script, same pages and tables', ms.bare),
      row('upsert of external_events alone', ms.raw),
      row('vdirsyncer, Radicale to a folder (one round)', folderMs),
      row('vdirsyncer, Radicale to Radicale (one round)', calendarsMs, part.length),
    ],
    {
      bench: 'first-import',
      events,
      rounds,
      oursMs: rounded(ms.ours),
      bareMs: rounded(ms.bare),
      rawUpsertMs: rounded(ms.raw),
      vdirsyncerFolderMs: rounded(folderMs),
      vdirsyncerCalendarsMs: rounded(calendarsMs),
      throughputOfBare: ratio,
      throughputOfRawUpsert: rounded(ms.raw / ms.ours),
      throughputOfVdirsyncer: ofVdirsyncer,
      goal: {
        throughputOfBare: `>= ${goals.bare}`,
        throughputOfVdirsyncerBetweenCalendars: `>= ${goals.calendars}`,
      },
      met: ratio >= goals.bare && ofVdirsyncer.calendars >= goals.calendars,
    },
  )
})

async function importOnce({ database, owner }: BenchDatabase, sandbox: SandboxControl): Promise<number> {
  const product = productOn(database)
  const provider = await connectProvider(product, sandbox, 'google', email)
  const tookMs = await timedMs(() => run(product, provider))
  await expectRows(owner, events)
  return tookMs
}

/** The calendar with the parameters that the product listed it with, so that the bare script asks for the same pages. */
async function askedAs(sandbox: SandboxControl): Promise<BareCalendar> {
  const lists = await sandbox.requests('google', email)
  const [first] = lists.filter(({ path }) => path.endsWith('/events'))
  if (!first) throw new Error('The product did not list the calendar.')
  return {
    address: `${sandbox.url}${first.path}`,
    query: first.query,
    token: await sandbox.token('google', email),
  }
}

/** A fast import that leaves something out measures nothing. */
async function expectRows(owner: BenchDatabase['owner'], expected: number): Promise<void> {
  const [found] = await owner`
    select (select count(*)::int from external_events) as external_events,
      (select count(*)::int from schedule_entries) as schedule_entries,
      (select count(*)::int from entry_versions) as entry_versions,
      (select count(*)::int from entry_assignees) as entry_assignees,
      (select count(*)::int from mappings where state = 'active') as mappings,
      (select count(*)::int from outbox where type = 'SCHEDULE_ENTRY_CREATED') as outbox,
      (select count(*)::int + ${expected}::int from pending) as pending`
  for (const [table, count] of Object.entries(found ?? {})) {
    if (count !== expected) throw new Error(`${table} holds ${count} rows instead of ${expected}.`)
  }
}
