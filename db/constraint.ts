/** Whether the database refused a row because this unique index holds its like already. */
export function violates(error: unknown, index: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === '23505') {
      return 'constraint_name' in cause && cause.constraint_name === index
    }
  }
  return false
}
