import { sql, type Column, type SQL } from 'drizzle-orm'

/**
 * Whether a column holds one of these values. They go as one array, so that a statement is the same however many there are: it is
 * planned once a connection, where a list of parameters is another statement for each length.
 */
export const anyOf = (column: Column, values: readonly string[]): SQL =>
  sql`${column} = any(${sql.param(values)}::${sql.raw(column.getSQLType())}[])`
