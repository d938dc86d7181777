import { list, until, type Played } from './played.ts'

/**
 * Makes calls that a fault of latency holds back, and lets time go on only when so many requests have arrived that the
 * query names: however slow the machine is, they were under way at once.
 */
export async function allAtOnce<T>(
  played: Played,
  calls: () => Promise<T>[],
  { arrived, query }: { arrived: number; query: string },
): Promise<T[]> {
  await played.control('POST', 'clock', { frozen: true })
  const answers = Promise.all(calls())
  await until(async () => {
    const { body } = await played.control('GET', `requests?${query}`)
    return list(body['items']).length >= arrived
  })
  await played.control('POST', 'clock', { frozen: false })
  await played.control('POST', 'clock', { advance: 'PT1S' })
  return answers
}
