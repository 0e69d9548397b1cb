import { createSecretKey, type KeyObject } from 'node:crypto'
import { Fault } from '../../machines/faults.ts'
import { type Database, transaction } from '../journal/sqlite-file.ts'
import { decrypt, encrypt, type RandomBytes } from './cipher.ts'
import type { KeyTables } from './key-tables.ts'

/** The keys of the site itself. */
export type SiteKeys = {
  /** Random name of the store. */
  readonly storeId: string
  /** For tokens, which are recognised for ever. */
  readonly lasting: KeyObject
  /** For handles and marks of this period: destroying it ends all linking by plate. */
  readonly period: KeyObject
}

/** Rows of `site_key`: the lasting key, and the first period's. A later period takes the next number. */
const LASTING = 0
const FIRST_PERIOD = 1

type Founding = {
  readonly database: Database
  readonly tables: KeyTables
  readonly path: string
  readonly siteId: string
  readonly master: KeyObject
  readonly random: RandomBytes
  readonly now: number
  readonly isNew: boolean
}

/** The site's keys, made in a new store. Throws Fault KEY_UNAVAILABLE when the master key is another one or the store another site's. */
export function siteKeys(founding: Founding): SiteKeys {
  const { tables, path, siteId, master, isNew } = founding
  if (isNew) found(founding)
  const site = tables.meta('siteId')
  if (site !== siteId) {
    throw new Fault(
      'KEY_UNAVAILABLE',
      { path, site },
      { says: `The key store ${path} belongs to the site ${site}, not to ${siteId}; put the right file there.` },
    )
  }
  const read = (period: number) => {
    const wrapped = tables.siteKey(period)
    if (wrapped === null)
      throw new Fault(
        'KEY_UNAVAILABLE',
        { path, period },
        { says: `The key store ${path} has lost its site key ${period}; put a copy back.` },
      )
    return createSecretKey(unwrap(master, Buffer.from(`${siteId}|site|${period}`), wrapped, path))
  }
  return { storeId: String(tables.meta('storeId')), lasting: read(LASTING), period: read(FIRST_PERIOD) }
}

function found({ database, tables, path, siteId, master, random, now }: Founding): void {
  transaction(database, path, () => {
    for (const period of [LASTING, FIRST_PERIOD]) {
      tables.addSiteKey(period, wrap(master, random, Buffer.from(`${siteId}|site|${period}`), random(32)), now)
    }
    tables.setMeta('storeId', random(16).toString('hex'))
    tables.setMeta('siteId', siteId)
  })
}

/** A key under the master key, bound to its name. */
export function wrap(master: KeyObject, random: RandomBytes, bound: Buffer, bytes: Buffer): Buffer {
  return encrypt(master, random(12), bound, bytes)
}

/** The key that was wrapped. Throws Fault KEY_UNAVAILABLE when the master key is another one, or the row was altered. */
export function unwrap(master: KeyObject, bound: Buffer, wrapped: Buffer, path: string): Buffer {
  const bytes = decrypt(master, bound, wrapped)
  if (bytes !== null) return bytes
  throw new Fault(
    'KEY_UNAVAILABLE',
    { path },
    {
      says: `The master key does not open ${path}; put back the one it was made with (BERTH_MASTER_KEY or ${path}.master).`,
    },
  )
}
