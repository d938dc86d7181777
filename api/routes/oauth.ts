import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ConsentFailed } from '../../oauth/consent-failure.ts'
import { completeConsent } from '../../oauth/consent.ts'
import { browserCookie } from '../browser.ts'
import type { ApiDeps } from '../dependencies.ts'
import { sendPage } from '../pages.ts'
import { logFailed } from '../plugins/logging.ts'
import { askToFollow } from '../provider-request.ts'
import { VendorParams } from '../schemas.ts'

/** Where a vendor sends people back after their consent. */
export function oauthRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const text = Type.Optional(Type.String({ maxLength: 4096 }))
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/oauth/:vendor/callback',
    {
      exposeHeadRoute: false,
      schema: {
        hide: true,
        params: VendorParams,
        querystring: Type.Object({ state: text, code: text, error: text }),
      },
    },
    async (request, reply) => {
      const { state, code, error } = request.query
      const browser = request.cookies[browserCookie]
      const done = tellOpener(deps.config.publicUrl)
      try {
        const { vendor } = request.params
        const provider = await completeConsent(deps, { vendor, state, code, error, browser })
        await askToFollow(deps, provider, 'reauthorize').catch((failure: unknown) => {
          logFailed(request.log, 'connected, but the workflow could not be told', failure, {
            providerId: provider.id,
          })
        })
        return sendPage(
          reply,
          200,
          'Connected',
          'The calendar is connected. You can close this window.',
          done,
        )
      } catch (failure) {
        if (!(failure instanceof ConsentFailed)) throw failure
        request.log.info({ code: failure.code }, 'a consent did not connect')
        return sendPage(reply, 400, 'Not connected', `${failure.message} (${failure.code})`, done)
      }
    },
  )
}

/** Tells the window that opened this one to look again, and nothing more; only ours may hear it. */
function tellOpener(publicUrl: string): string {
  const origin = JSON.stringify(new URL(publicUrl).origin).replaceAll('<', '\\u003c')
  return `window.opener?.postMessage({ type: 'calendar-sync-oauth', done: true }, ${origin})`
}
