import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Handle } from '../../machines/events.ts'
import type { RandomBytes } from './cipher.ts'
import type { KeyTables } from './key-tables.ts'
import { boundOf, type SitePeriod, wrap } from './site-keys.ts'

/** Kinds of subjects that are found by what somebody shows. */
export type SubjectKind = 'vehicle' | 'card'

/** A plate (folded) or card (upper case) that goes on under the next period's key with the handle that it has. */
export type Carried = { readonly kind: SubjectKind; readonly text: string }

/** What period keys are changed with; `lookup` is the keyed hash of a text under a period's key. */
export type PeriodGround = {
  readonly tables: KeyTables
  readonly siteId: string
  readonly master: KeyObject
  readonly random: RandomBytes
  readonly lookup: (key: KeyObject, kind: SubjectKind, text: string) => string
  /** ms since 1970. */
  readonly now: number
}

/**
 * Makes the key of the next period and takes these texts over into it; anybody else is a stranger from now on. Call inside one
 * transaction. Answers the new period and how many were taken over.
 */
export function beginPeriod(
  ground: PeriodGround,
  newest: SitePeriod,
  carried: readonly Carried[],
): { readonly begun: SitePeriod; readonly carried: number } {
  const { tables, siteId, master, random, lookup, now } = ground
  const period = newest.period + 1
  const bytes = random(32)
  tables.addSiteKey(period, wrap(master, random, boundOf(siteId, period), bytes), now)
  const begun = { period, key: createSecretKey(bytes), since: now }
  let count = 0
  for (const { kind, text } of carried) {
    const handle = tables.findSubject(kind, newest.period, lookup(newest.key, kind, text))
    if (handle === null) continue
    tables.carry(handle, lookup(begun.key, kind, text), period)
    count += 1
  }
  return { begun, carried: count }
}

/**
 * A text that the newest period does not know, and an older one does: it is taken over, with its handle, where `goesOn` says that the handle
 * is still spoken of. Null where it is somebody new. The lookup is changed by `later`, with what is durable next.
 */
export function carriedLater(
  { tables, lookup }: Pick<PeriodGround, 'tables' | 'lookup'>,
  [newest, ...older]: readonly SitePeriod[],
  { kind, text }: Carried,
  { goesOn, later }: { readonly goesOn: (handle: Handle) => boolean; readonly later: (write: () => void) => void },
): Handle | null {
  if (newest === undefined) return null
  for (const { period, key } of older) {
    const handle = tables.findSubject(kind, period, lookup(key, kind, text))
    if (handle === null || !goesOn(handle)) continue
    later(() => tables.carry(handle, lookup(newest.key, kind, text), newest.period))
    return handle
  }
  return null
}

/**
 * Whoever is on the list of erasures, and whose key could not be destroyed then, must not stand in the way of who comes now: it is destroyed.
 * False where nobody stood there.
 */
export function freeLookup(
  { tables, now }: Pick<PeriodGround, 'tables' | 'now'>,
  erased: { has(name: string): boolean },
  { kind, period, lookup }: { readonly kind: SubjectKind; readonly period: number; readonly lookup: string },
): boolean {
  const before = tables.findSubject(kind, period, lookup)
  return before !== null && erased.has(before) && tables.destroy(before, now)
}

/**
 * Destroys an old period's key: no plate and no card leads to its handles any more. What was sealed for them goes too, but for those
 * that `keeps` names: they go with the first later period that ends when nobody needs them. Call inside one transaction. Answers how many subjects' keys went.
 */
export function endPeriod(
  { tables, now }: Pick<PeriodGround, 'tables' | 'now'>,
  period: number,
  keeps: (handle: Handle) => boolean,
): number {
  let destroyed = 0
  for (const { handle } of tables.ofPeriod(period)) {
    if (keeps(handle)) tables.untie(handle)
    else if (tables.destroy(handle, now)) destroyed += 1
  }
  tables.endPeriod(period, now)
  return destroyed
}

/** HMAC-SHA-256, base64url; `kind` keeps a plate, a card and a mark of one text apart. */
export function keyed(key: KeyObject, kind: string, text: string): string {
  return createHmac('sha256', key).update(`${kind}|${text}`).digest('base64url')
}
