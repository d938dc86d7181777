import type { FastifyInstance, FastifyReply } from 'fastify'
import { faultKinds } from '../../faults.ts'
import { textOf } from '../../json.ts'
import { parametersOf } from '../../oauth/authorize.ts'
import { isVendor } from '../../state.ts'
import type { World } from '../../world.ts'
import { Refusal, type Ask } from '../ask.ts'
import { sendPage, sitePage } from '../frame.ts'
import { aimFields, faultPage, kindFields, type FaultView } from './fault-page.ts'
import { presets, type Preset, type Whom } from './fault-presets.ts'

/** The panel of what goes wrong; each act is a call of the control API. */
export function faultPageRoutes(app: FastifyInstance, world: World, ask: Ask): void {
  const show = (reply: FastifyReply, view: FaultView, status = 200): FastifyReply =>
    sendPage(reply, sitePage(world, { title: 'Faults', path: '/faults' }, faultPage(world, view)), status)
  const act = async (
    reply: FastifyReply,
    typed: Record<string, string>,
    run: () => Promise<unknown>,
  ): Promise<FastifyReply> => {
    try {
      await run()
      return reply.redirect('/faults', 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return show(reply, { whom: whomOf(typed['whom']), typed, problem: error.message }, 400)
    }
  }

  app.get('/faults', (request, reply) => {
    const { vendor, account = '' } = parametersOf(request.query)
    return show(reply, { whom: whomOf(`${vendor ?? ''} ${account}`), typed: {}, problem: null })
  })

  app.post('/faults', (request, reply) => {
    const typed = parametersOf(request.body)
    return act(reply, typed, () => ask.control('POST', 'faults', wishOf(typed)))
  })

  app.post('/faults/preset', (request, reply) => {
    const typed = parametersOf(request.body)
    const preset = presets.find(({ name }) => name === typed['preset'])
    const whom = whomOf(typed['whom'])
    const problem = preset === undefined ? 'preset: there is no such thing.' : misfit(preset, whom)
    if (preset === undefined || problem !== null) return show(reply, { whom, typed, problem }, 400)
    return act(reply, typed, () => setOff(world, ask, preset, whom))
  })

  app.post('/faults/remove', (request, reply) => {
    const { id = '' } = parametersOf(request.body)
    const path = id === 'all' ? 'faults' : `faults/${encodeURIComponent(id)}`
    return act(reply, {}, () => ask.control('DELETE', path))
  })
}

/** Why a preset cannot be for somebody; nothing when it can. */
function misfit({ vendor, does, label }: Preset, whom: Whom): string | null {
  if ('act' in does && whom.account === undefined) return `For whom: “${label}” needs one account.`
  if (vendor !== undefined && whom.vendor !== undefined && whom.vendor !== vendor)
    return `For whom: “${label}” is about the other vendor.`
  return null
}

async function setOff(world: World, ask: Ask, { does, vendor }: Preset, whom: Whom): Promise<void> {
  if ('act' in does) {
    const path = `accounts/${encodeURIComponent(whom.account ?? '')}/revoke?vendor=${whom.vendor ?? ''}`
    await ask.control('POST', path)
    return
  }
  const aim = vendor === undefined ? whom : { ...whom, vendor }
  const { id } = await ask.control('POST', 'faults', { ...does.fault, ...aim })
  if (does.forMs !== undefined)
    world.clock.after(does.forMs, () => void world.faults.remove(textOf(id) ?? ''))
}

/** "google ada@example.com", "google" or nothing. */
function whomOf(text: string | undefined): Whom {
  const [vendor, account] = (text ?? '').trim().split(' ')
  if (!isVendor(vendor)) return {}
  return account === undefined ? { vendor } : { vendor, account }
}

/** The fault a form says; fields that are empty or mean nothing to its kind are left out. */
function wishOf(typed: Record<string, string>): Record<string, unknown> {
  const kind = faultKinds.find((one) => one === typed['kind'])
  const names = kind === undefined ? aimFields : [...aimFields, ...kindFields[kind]]
  const given = names.flatMap((name) => {
    const text = typed[name]?.trim() ?? ''
    return text === '' ? [] : [[name, numeric.has(name) ? numberIn(text) : text] as const]
  })
  return { kind: typed['kind'] ?? '', ...whomOf(typed['whom']), ...Object.fromEntries(given) }
}

const numeric = new Set(['status', 'retryAfter', 'ms', 'nth', 'times', 'probability'])

/** A number where the text is one; any other text is left for the control API to refuse by its name. */
function numberIn(text: string): number | string {
  const number = Number(text.replace(',', '.'))
  return Number.isNaN(number) ? text : number
}
