/** An answer that says no, as RFC 9457 problem details. `detail` says what to do next. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly slug: string
  readonly title: string
  readonly facts: Record<string, unknown>
  readonly retryAfterSeconds: number | null
  constructor(
    status: number,
    slug: string,
    title: string,
    detail: string,
    more: { facts?: Record<string, unknown>; retryAfterSeconds?: number } = {},
  ) {
    super(detail)
    this.status = status
    this.slug = slug
    this.title = title
    this.facts = more.facts ?? {}
    this.retryAfterSeconds = more.retryAfterSeconds ?? null
  }
}

export const unauthenticated = (detail: string): Problem =>
  new Problem(401, 'unauthenticated', 'Who are you?', detail)

/** One answer for what is foreign and what is absent, so that nothing can be learnt by asking. */
export const forbidden = (): Problem =>
  new Problem(
    403,
    'forbidden',
    'Forbidden',
    'Forbidden: nothing of this id belongs to your tenant. Check the id and the key.',
  )

export const notAllowed = (detail: string): Problem => new Problem(403, 'not-allowed', 'Not allowed', detail)

export const invalid = (field: string, rule: string): Problem =>
  new Problem(400, 'invalid-request', 'The request is not valid', `${field} ${rule}`, {
    facts: { errors: [{ field, rule }] },
  })

/** Understood and well formed, and still not something we can do. */
export const unprocessable = (field: string, rule: string): Problem =>
  new Problem(422, 'unprocessable', 'The request cannot be carried out', `${field} ${rule}`, {
    facts: { errors: [{ field, rule }] },
  })

export const conflicting = (slug: string, detail: string, facts: Record<string, unknown> = {}): Problem =>
  new Problem(409, slug, 'The state does not allow this', detail, { facts })

export const unavailable = (slug: string, detail: string, retryAfterSeconds: number): Problem =>
  new Problem(503, slug, 'Not available right now', detail, { retryAfterSeconds })
