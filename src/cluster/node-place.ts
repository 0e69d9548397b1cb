import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../machines/faults.ts'
import { lockStore, type StoreLock } from '../journal/store-lock.ts'
import type { NodeName, Roster } from './roster.ts'

/** So often a node looks whether the one before it at its address is gone, ms. */
const LOOK_MS = 500

/** A node's folder is its own on this machine until it ends. Throws Fault STORE_OWNED where another node works in it. */
export function lockData(data: string): StoreLock {
  try {
    return lockStore(join(data, 'node'))
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'STORE_OWNED') throw cause
    const says = `Another node of this machine works in ${data}; give each node a folder of its own (--data).`
    throw new Fault('STORE_OWNED', { data }, { cause, says })
  }
}

/**
 * Comes in at its address. One that died there a moment ago is waited for; rejects with Fault SITE_FILE_INVALID where another one lives
 * there: what is passed on to the one would reach the other.
 */
export async function enterAt(roster: Roster, { url, lease_s }: Pick<NodeName, 'url' | 'lease_s'>): Promise<void> {
  const until = performance.now() + lease_s * 1_000 + 2 * LOOK_MS
  for (;;) {
    const other = await roster.enter()
    if (other === null) return
    if (performance.now() > until) throw new Fault('SITE_FILE_INVALID', { url }, { says: saysTwin(other, url) })
    await sleep(LOOK_MS)
  }
}

/** Two nodes cannot be told apart. */
export const saysTwin = (other: string, url: string): string =>
  `Another node (${other}) is reached at ${url} already; give each node an address of its own (--url).`
