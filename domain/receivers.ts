import ipaddr from 'ipaddr.js'

/** Which addresses an endpoint of an application may have: nobody may use us to reach what only we can reach. */
export interface ReceiverRules {
  /** Blocks such as `10.1.0.0/16` that may be called though they are not public. */
  networks: readonly string[]
}

/** The rule that a URL breaks, as the end of a sentence that begins with the field's name; undefined when it may be called. */
export function brokenUrlRule(text: string, rules: ReceiverRules): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL like https://example.com/hooks.'
  const url = new URL(text)
  const host = hostOf(url)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'must be https, like https://example.com/hooks.'
  if (url.username || url.password) return 'must not hold a user or a password: the signature says who calls.'
  if (url.hash) return 'must not hold a fragment.'
  if (isAddress(host) && !mayBeCalled(host, rules))
    return 'must lead to a public address: private, local and reserved networks are not called.'
  if (isNameOfLoopback(host) && !mayBeCalled('127.0.0.1', rules))
    return 'must lead to a public address: this machine is not called.'
  if (url.protocol === 'http:' && !isLoopback(host)) return 'must be https; http only on loopback.'
  return undefined
}

/** Whether the address, which a name led to or which a URL names, may be called. */
export function mayBeCalled(address: string, { networks }: ReceiverRules): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() === 'unicast') return true
  return networks.some((block) => {
    const [network, bits] = ipaddr.parseCIDR(block)
    return network.kind() === parsed.kind() && parsed.match(network, bits)
  })
}

/** A URL's host as the network knows it, without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replaceAll(/^\[|\]$/g, '')
export const isAddress = (host: string): boolean => ipaddr.isValid(host)
export const isNetwork = (block: string): boolean => ipaddr.isValidCIDR(block)

const isNameOfLoopback = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost')
const isLoopback = (host: string): boolean =>
  isNameOfLoopback(host) || (isAddress(host) && ipaddr.process(host).range() === 'loopback')
