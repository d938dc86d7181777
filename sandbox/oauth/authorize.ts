import type { FastifyReply, FastifyRequest } from 'fastify'
import { ensureAccount, findAccount, type Account } from '../accounts.ts'
import { isObject, textsOf, type JsonObject } from '../json.ts'
import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'
import { formPostPage, refusalPage } from './consent-page.ts'
import type { AuthorizationCode, Client } from './types.ts'

export type AuthorizeAnswer =
  | { kind: 'page'; status: number; html: string }
  | { kind: 'redirect'; location: string }

export const responseModes = ['query', 'fragment', 'form_post'] as const
export type ResponseMode = (typeof responseModes)[number]

/** What a client sent a person to a vendor for, once it is clear that the vendor can answer it. */
export interface AuthorizeRequest {
  client: Client
  redirectUri: string
  responseMode: ResponseMode
  scopes: string[]
  prompts: string[]
  state: string | null
  challenge: AuthorizationCode['challenge']
  parameters: Record<string, string>
}

/** An answer of a sign-in page that is no page of ours: it is thrown where a fault strikes and told like any other. */
export class AuthorizeRefusal extends Error {
  override readonly name = 'AuthorizeRefusal'
  readonly answer: AuthorizeAnswer

  constructor(answer: AuthorizeAnswer) {
    super('The sign-in was refused.')
    this.answer = answer
  }
}

/** Flattens a query or form into texts; a repeated parameter counts once. */
export function parametersOf(input: unknown): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const [name, value] of Object.entries(isObject(input) ? input : {})) {
    const text = textsOf(value)[0]
    if (text !== undefined) parameters[name] = text
  }
  return parameters
}

/** The form a request carries; both vendors' endpoints read nothing else (RFC 6749 appendix B). */
export function formOf({ headers, body }: FastifyRequest): JsonObject {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
  return isForm && isObject(body) ? body : {}
}

export function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '')
}

export function responseModeOf(parameters: Record<string, string>): ResponseMode | undefined {
  return responseModes.find((mode) => mode === (parameters['response_mode'] ?? 'query'))
}

export function challengeOf(parameters: Record<string, string>): AuthorizationCode['challenge'] {
  const value = parameters['code_challenge']
  if (value === undefined) return null
  return { method: parameters['code_challenge_method'] === 'S256' ? 'S256' : 'plain', value }
}

/** Says what is wrong with the challenge of a request, if anything is (RFC 7636 §4.2). */
export function challengeFault(parameters: Record<string, string>): string | null {
  const { code_challenge: challenge, code_challenge_method: method } = parameters
  if (method !== undefined && method !== 'S256' && method !== 'plain') return 'code_challenge_method'
  if (challenge !== undefined && !/^[A-Za-z0-9\-._~]{43,128}$/.test(challenge)) return 'code_challenge'
  return null
}

/** What a person decided on the page, or a script in a person's place. */
export interface Decision {
  isAllowed: boolean
  account: Account | null
  /** The scopes that stayed ticked; all of them where nobody could tick any. */
  ticked: string[] | null
}

export function decisionOf(
  world: World,
  vendor: Vendor,
  form: unknown,
): { decision: Decision; parameters: Record<string, string> } {
  const {
    account,
    decision,
    other_account: other,
    scopes,
    granted_scope: _one,
    ...parameters
  } = parametersOf(form)
  const email = other === undefined || other.trim() === '' ? account : other.trim()
  if (email !== undefined && email === other?.trim() && /^[^\s@]+@[^\s@]+$/.test(email))
    ensureAccount(world, { vendor, email })
  const ticked = isObject(form) && 'granted_scope' in form ? textsOf(form['granted_scope']) : null
  return {
    parameters,
    decision: {
      isAllowed: decision === 'allow',
      account: findAccount(world, vendor, email ?? '') ?? null,
      ticked: scopes === undefined ? ticked : wordsOf(scopes),
    },
  }
}

/** Sends the person back to the client with what it wanted to know. */
export function sendBack(
  request: Pick<AuthorizeRequest, 'redirectUri' | 'responseMode' | 'state'>,
  fields: Record<string, string>,
): AuthorizeAnswer {
  const { redirectUri, responseMode, state } = request
  const all = { ...fields, ...(state === null ? {} : { state }) }
  if (responseMode === 'form_post') return { kind: 'page', status: 200, html: formPostPage(redirectUri, all) }
  const url = new URL(redirectUri)
  if (responseMode === 'fragment') url.hash = new URLSearchParams(all).toString()
  else for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
  return { kind: 'redirect', location: url.href }
}

/** Tells the person, since the client cannot be told. */
export function problem(vendor: Vendor, title: string, message: string, status = 400): AuthorizeAnswer {
  return { kind: 'page', status, html: refusalPage(vendor, title, message) }
}

/** Sends the answer of an authorize endpoint, which is a page or a redirect. */
export function answer(reply: FastifyReply, given: AuthorizeAnswer): FastifyReply {
  if (given.kind === 'redirect') return reply.redirect(given.location, 302)
  return reply.status(given.status).type('text/html; charset=utf-8').send(given.html)
}
