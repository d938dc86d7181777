import type { World } from './world.ts'

/** The tables in which a text stands, whatever the column. */
export async function tablesSaying(
  { database: { owner } }: Pick<World, 'database'>,
  text: string,
): Promise<string[]> {
  const tables = await owner<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`
  const saying: string[] = []
  for (const { name } of tables) {
    const [found] = await owner<{ total: number }[]>`
      select count(*)::int as total from ${owner(name)} as row where row::text ilike ${`%${text}%`}`
    if (found && found.total > 0) saying.push(name)
  }
  return saying
}
