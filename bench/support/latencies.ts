import { Agent, request } from 'node:http'

export interface Posted {
  path: string
  headers: Record<string, string>
  body: string
}

/** How long each of so many answers took, in ms, with so many requests under way at once. Throws on an answer that is not 2xx. */
export async function latenciesOf(
  url: string,
  posted: Posted,
  { count, atOnce }: { count: number; atOnce: number },
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const took: number[] = []
  let left = count
  const hand = async () => {
    while (left-- > 0) {
      const beganMs = performance.now()
      await post(new URL(posted.path, url), agent, posted)
      took.push(performance.now() - beganMs)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, hand))
  agent.destroy()
  return took
}

function post(url: URL, agent: Agent, { headers, body }: Posted): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        response.resume()
        response.on('end', () => {
          const status = response.statusCode ?? 0
          if (status >= 200 && status < 300) resolve()
          else reject(new Error(`${url.pathname} answered ${status}.`))
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
