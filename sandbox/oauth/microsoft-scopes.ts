const graph = 'https://graph.microsoft.com/'
const openIdScopes = ['openid', 'profile', 'email', 'offline_access']

/** A scope may be spelt with or without its resource. */
export function includesScope(scopes: readonly string[], wanted: string): boolean {
  return scopes.some((scope) => bare(scope) === bare(wanted) || bare(scope) === '.default')
}

function bare(scope: string): string {
  return scope.toLowerCase().replace(graph, '')
}

/** What is wrong with a list of scopes, if anything is. */
export function scopeFault(scopes: readonly string[]): string | null {
  const unknown = scopes.find((scope) => !isKnown(scope))
  if (unknown !== undefined) return `The scope ${unknown} is not valid.`
  const named = scopes.filter((scope) => !openIdScopes.includes(scope))
  if (named.length > 1 && named.some((scope) => bare(scope) === '.default'))
    return `The scope ${named.join(' ')} is not valid. .default scope can't be combined with resource-specific scopes.`
  return null
}

/** Permissions of Graph and of OpenID; no other resource is played. */
function isKnown(scope: string): boolean {
  if (openIdScopes.includes(scope)) return true
  const name = scope.toLowerCase().startsWith(graph) ? scope.slice(graph.length) : scope
  return name === '.default' || /^[A-Za-z]+(-[A-Za-z]+)?(\.[A-Za-z]+)+$/.test(name)
}
