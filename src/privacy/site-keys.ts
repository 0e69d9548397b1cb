import { createSecretKey, type KeyObject } from 'node:crypto'
import { Fault } from '../../machines/faults.ts'
import { type Database, transaction } from '../journal/sqlite-file.ts'
import { decrypt, encrypt, type RandomBytes } from './cipher.ts'
import type { KeyTables } from './key-tables.ts'

/** The keys of the site itself. */
export type SiteKeys = {
  /** Random name of the store. */
  readonly storeId: string
  /** For tokens and marks, which are recognised for ever. */
  readonly lasting: KeyObject
  /** Periods whose keys live, newest first. */
  readonly periods: readonly SitePeriod[]
}

/** A key under which plates and cards are looked up for a time: destroying it ends all linking by plate. `since` is ms since 1970. */
export type SitePeriod = { readonly period: number; readonly key: KeyObject; readonly since: number }

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
  const opened = (period: number, wrapped: Buffer) =>
    createSecretKey(unwrap(master, boundOf(siteId, period), wrapped, path))
  const lost = (period: number) =>
    new Fault(
      'KEY_UNAVAILABLE',
      { path, period },
      { says: `The key store ${path} has lost its site key ${period}; put a copy back.` },
    )
  const lasting = tables.siteKey(LASTING)
  if (lasting === null) throw lost(LASTING)
  const periods = tables
    .livingPeriods()
    .map(({ period, wrapped, since }) => ({ period, key: opened(period, wrapped), since }))
  if (periods.length === 0) throw lost(FIRST_PERIOD)
  return { storeId: String(tables.meta('storeId')), lasting: opened(LASTING, lasting), periods }
}

/** What a site key's wrapped bytes are bound to. */
export const boundOf = (siteId: string, period: number): Buffer => Buffer.from(`${siteId}|site|${period}`)

function found({ database, tables, path, siteId, master, random, now }: Founding): void {
  transaction(database, path, () => {
    for (const period of [LASTING, FIRST_PERIOD]) {
      tables.addSiteKey(period, wrap(master, random, boundOf(siteId, period), random(32)), now)
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
