/** A history as a person could read it in the Web UI: its payloads are base64. */
export function saidIn(json: string): string {
  return json.replaceAll(
    /"data":\s*"([A-Za-z0-9+/=]+)"/g,
    (_all, data: string) => `"data":${JSON.stringify(Buffer.from(data, 'base64').toString('utf8'))}`,
  )
}
