import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

const lockKey = 4_712_260_001

/** Brings the schema up to date. Several processes may start at once: an advisory lock lets one work and the rest wait. */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${lockKey})`
    await makeRoles(client)
    await runMigrations(drizzle(client), {
      migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)),
    })
    await client`grant usage on schema public to calendar_app, calendar_system`
    await client`grant select, insert, update, delete on all tables in schema public to calendar_app, calendar_system`
    await client`grant usage on all sequences in schema public to calendar_app, calendar_system`
  } finally {
    await client.end()
  }
}

/** Roles belong to the whole server, so two databases on one server may race for them: the loser finds them made. */
async function makeRoles(client: postgres.Sql): Promise<void> {
  for (const role of ['calendar_app', 'calendar_system']) {
    const [known] = await client`select 1 from pg_roles where rolname = ${role}`
    if (!known) {
      await client.unsafe(
        `do $$ begin create role ${role} nologin; exception when duplicate_object or unique_violation then null; end $$`,
      )
    }
    await client.unsafe(
      `do $$ begin if not pg_has_role(session_user, '${role}', 'member') then grant ${role} to session_user; end if; exception when unique_violation then null; end $$`,
    )
  }
}
