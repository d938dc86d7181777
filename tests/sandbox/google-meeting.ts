import { beforeEach } from 'vitest'
import { accountsOf, events } from './google-made.ts'
import { list, timed, type Answer, type Call, type Json, type Played } from './played.ts'

export interface Somebody {
  readonly email: string
  call: Call
}

export function invited(...people: { email: string }[]): Json {
  return { attendees: people.map(({ email }) => ({ email })) }
}

/** What each guest of a meeting has answered, by address. */
export function responsesIn(event: Json): Json {
  return Object.fromEntries(
    list(event['attendees']).map((row) => [String(row['email']), row['responseStatus']]),
  )
}

/** Three people that each test has for itself, one of whom invites the other two. */
export function meetingHere(played: Played, prefix: string) {
  const newAccount = accountsOf(() => played, prefix)
  let people: Somebody[] = []
  beforeEach(async () => {
    await played.control('DELETE', 'switches')
    people = [await newAccount(), await newAccount(), await newAccount()]
  })
  const somebody = (index: number): Somebody => {
    const there = (): Somebody => {
      const person = people[index]
      if (person === undefined) throw new Error('People come with the first test.')
      return person
    }
    return {
      get email() {
        return there().email
      },
      call: (...call) => there().call(...call),
    }
  }
  const [host, guest, third] = [somebody(0), somebody(1), somebody(2)]
  return {
    host,
    guest,
    third,
    meet: (more: Json = {}, query = ''): Promise<Answer> => {
      const meeting = { ...timed('Retro', 9), id: 'meet0', ...invited(guest, third), ...more }
      return host.call('POST', `${events}${query}`, meeting)
    },
    read: async ({ call }: Somebody, id = 'meet0'): Promise<Json> =>
      (await call('GET', `${events}/${id}`)).body,
    answer: (who: Somebody, responseStatus: string, id = 'meet0', query = ''): Promise<Answer> =>
      who.call('PATCH', `${events}/${id}${query}`, { attendees: [{ email: who.email, responseStatus }] }),
    mailOf: async (): Promise<Json[]> => {
      const { body } = await played.control('GET', `mail?vendor=google`)
      const addresses = people.map(({ email }) => email)
      return list(body['items']).filter((mail) => addresses.includes(String(mail['account'])))
    },
  }
}
