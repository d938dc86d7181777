import type { Account } from '../accounts.ts'

/** A name for a person of whom nobody knows more than an address. */
export function nameOf({ email }: Account): { name: string; given_name: string; family_name?: string } {
  const words = (email.split('@')[0] ?? email).split(/[._-]+/).filter((word) => word !== '')
  const [given = email, ...rest] = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  if (rest.length === 0) return { name: given, given_name: given }
  return { name: [given, ...rest].join(' '), given_name: given, family_name: rest.join(' ') }
}
