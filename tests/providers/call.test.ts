import { expect, test } from 'vitest'
import { withToken } from '../../providers/call.ts'
import { TokenRefused } from '../../providers/errors.ts'

/** A vendor that takes one token only, and what is asked on the way to it, in order. */
function caller(good: string) {
  const asked: string[] = []
  const options = {
    accessToken: async (refused?: string) => {
      asked.push('token')
      return refused === undefined ? 'old' : 'new'
    },
    beforeCall: async () => void asked.push('lease'),
  }
  const request = async (token: string) => {
    asked.push('request')
    if (token !== good) throw new TokenRefused('401', 'The token was refused.')
    return token
  }
  return { asked, options, request }
}

test('whether the call may still be made is asked after the token came, however long that took', async () => {
  const { asked, options, request } = caller('old')
  await withToken(options, request)
  expect(asked).toEqual(['token', 'lease', 'request'])
})

test('a refused token is renewed once, and the second request is asked for like the first', async () => {
  const { asked, options, request } = caller('new')
  expect(await withToken(options, request)).toBe('new')
  expect(asked).toEqual(['token', 'lease', 'request', 'token', 'lease', 'request'])
})
