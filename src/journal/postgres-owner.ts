import { hostname } from 'node:os'
import { GENESIS } from './chain.ts'
import type { Ask, PostgresLine } from './postgres-line.ts'

/** Who owns a site's log, or did last. `copying`: nobody may before the copy is whole. */
export type OwnerNote = {
  readonly state: 'owned' | 'left' | 'copying'
  readonly epoch: number
  readonly seq: number
  readonly keyStoreId: string
  readonly host: string
  readonly pid: number
  /** ISO 8601 UTC. */
  readonly since: string
}

/** What an owner says of itself. */
export type NewOwner = { readonly siteId: string; readonly keyStoreId: string; readonly at: string }

/** The note on a site; null where it was never begun. `FOR UPDATE` with `held`: nobody writes before the transaction ends. */
export async function ownerNote(ask: Ask, siteId: string, held = false): Promise<OwnerNote | null> {
  const [row] = await ask(`SELECT * FROM berth.site WHERE site = $1${held ? ' FOR UPDATE' : ''}`, [siteId])
  if (row === undefined) return null
  const text = (name: string) => String(row[name])
  const number = (name: string) => Number(row[name])
  return {
    state: text('state') as OwnerNote['state'],
    ...{ epoch: number('epoch'), seq: number('seq'), pid: number('pid') },
    ...{ keyStoreId: text('key_store'), host: text('host'), since: text('since') },
  }
}

/** Begins a site's log, owned by nobody, where there is none. */
export async function beginSite(
  ask: Ask,
  { siteId, keyStoreId, at }: NewOwner,
  state: 'left' | 'copying',
): Promise<void> {
  const text = `INSERT INTO berth.site (site, epoch, seq, hash, key_store, state, host, pid, since)
    VALUES ($1, 0, 0, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`
  await ask(text, [siteId, GENESIS, keyStoreId, state, hostname(), process.pid, at])
}

/** From now on this process owns the log, and whoever did before writes no more. Answers its epoch. */
export async function raiseEpoch(ask: Ask, { siteId, at }: NewOwner): Promise<number> {
  const text = `UPDATE berth.site SET epoch = epoch + 1, state = 'owned', host = $2, pid = $3, since = $4 WHERE site = $1 RETURNING epoch`
  const [row] = await ask(text, [siteId, hostname(), process.pid, at])
  return Number(row?.['epoch'])
}

/** The owner of this epoch leaves in order, if it still is one; a copy is whole. */
export async function leaveSite(line: PostgresLine, siteId: string, epoch: number): Promise<void> {
  await line.read(`UPDATE berth.site SET state = 'left' WHERE site = $1 AND epoch = $2`, [siteId, epoch])
}
