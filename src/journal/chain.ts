import { hash } from 'node:crypto'
import type { FactRecord } from '../../machines/record.ts'
import { canonicalJson } from './canonical.ts'

/** `prev` of a site's first record. The site is bound by `siteId`, which is part of every record's content. */
export const GENESIS = '0'.repeat(64)

/** The link that a site's first record follows on. */
export const GENESIS_LINK = { seq: 0, hash: GENESIS } as const

/** Name of the random salt inside a stored `personal` map; no subject may be called so. */
export const SALT = '$salt'

/** The stored `personal` of a record about nobody. It needs no salt: there is nothing to guess. */
export const NOBODY = '{}'

/** The members that the chain adds: they are not part of the content. */
const CHAIN_MEMBERS: ReadonlySet<string> = new Set(['personal', 'personalHash', 'contentHash', 'prev', 'hash'])

/** SHA-256 of the text's UTF-8 bytes, 64 lower-case hex characters. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

/** Hash of a record about nobody. */
export const NOBODY_HASH = sha256(NOBODY)

/** SHA-256 of the three hex texts one after the other (192 ASCII characters). */
export function linkHash(prev: string, contentHash: string, personalHash: string): string {
  return sha256(prev + contentHash + personalHash)
}

/** Canonical text of a finished record without personal and the chain's members, whatever else it holds. */
export function recordContent(record: FactRecord | Record<string, unknown>): string {
  // Without a prototype `__proto__` is a member like any other, and is hashed.
  const content: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(record)) if (!CHAIN_MEMBERS.has(name)) content[name] = value
  return canonicalJson(content)
}
