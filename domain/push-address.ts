/** Push needs an https address of ours, or a vendor that is played on this machine's loopback. */
export function canReceivePush(publicUrl: string, vendorApi: string): boolean {
  return publicUrl.startsWith('https:') || isLoopback(vendorApi)
}

export function isLoopback(address: string): boolean {
  const { hostname, protocol } = new URL(address)
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}
