import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'
import { refusal, type TokenAnswer } from './aadsts.ts'
import { refusal as googleRefusal } from './google-token.ts'

/** What a sign-in says at an address where there is nothing, or nothing by this method. */
export function unknownSignIn(world: World, vendor: Vendor, method: string, path: string): TokenAnswer {
  if (/device_?code$|\/device\/code$/.test(path))
    return failedSignIn(world, vendor, 501, 'The sandbox does not play sign-in on other devices.')
  if (vendor === 'microsoft' && path.endsWith('/token')) {
    const text = `The endpoint only accepts POST requests. Received a ${method} request.`
    return refusal(world, 900561, { text })
  }
  return failedSignIn(world, vendor, 404, `There is nothing at ${method} ${path}.`)
}

/** A failure that is not one of the sign-in itself, in its shape. */
export function failedSignIn(world: World, vendor: Vendor, status: number, text: string): TokenAnswer {
  const error = status < 500 ? 'invalid_request' : 'server_error'
  if (vendor === 'google') return googleRefusal(status, error, text)
  return refusal(world, 90023, { status, text, error })
}
