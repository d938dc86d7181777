/** The product's own HTTP API, for scripts. */
export interface ApiClient {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  delete<T>(path: string): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  /** `ifMatch`: the ETag of the version that was changed. */
  patch<T>(path: string, body: unknown, ifMatch?: string): Promise<T>
}

/** The API said no, in its own words. */
export class ApiRefused extends Error {
  override readonly name = 'ApiRefused'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export function apiClient(apiUrl: string, key: string): ApiClient {
  return {
    get: (path) => send('GET', `${apiUrl}/api/v1${path}`, key),
    post: (path, body) => send('POST', `${apiUrl}/api/v1${path}`, key, body),
    delete: (path) => send('DELETE', `${apiUrl}/api/v1${path}`, key),
    put: (path, body) => send('PUT', `${apiUrl}/api/v1${path}`, key, body),
    patch: (path, body, ifMatch) => send('PATCH', `${apiUrl}/api/v1${path}`, key, body, ifMatch),
  }
}

async function send<T>(
  method: string,
  url: string,
  key: string,
  body?: unknown,
  ifMatch?: string,
): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : jsonType),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await answer.text()
  // 204 has nothing to say.
  if (answer.ok) return (text === '' ? undefined : JSON.parse(text)) as T
  throw new ApiRefused(
    answer.status,
    detailOf(text) ?? `${method} ${new URL(url).pathname}: ${answer.status}`,
  )
}

const jsonType = { 'content-type': 'application/json' }

function detailOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { detail?: string }).detail
  } catch {
    return undefined
  }
}
