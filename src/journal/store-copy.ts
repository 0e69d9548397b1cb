import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../../machines/faults.ts'
import { besideAlready, carryFiles, holdStore } from './carried-files.ts'
import { ChainCheck } from './chain-check.ts'
import { type CopiedOwner, type CopyTarget, notEmpty } from './copy-target.ts'
import type { Head } from './journal-row.ts'
import { serverDoor } from './server-store.ts'
import { openStoreRows, type SiteStore, type StoreRows } from './site-store.ts'
import { openSqliteTarget } from './sqlite-copy.ts'
import { openStoreReadOnly } from './sqlite-reader.ts'

const PAGE = 500

/** What came of a copy. `resumed`: records that were there already, from a copy that was cut. */
export type Copied = {
  readonly siteId: string
  readonly from: string
  readonly to: string
  readonly head: Head
  readonly resumed: number
  readonly carried: readonly string[]
  readonly stays: readonly string[]
}

/** `siteId`: whose store it is, where a site file says so. */
export type CopyEnd = { readonly store: SiteStore; readonly siteId: string | null }

/**
 * Copies a site's journal to an empty store, record by record with their hashes, and what lies beside it; a copy that was cut goes on where
 * it stood. Both stores are held meanwhile, so neither may be served. The target is read again at the end and must hold the same chain.
 * Throws Fault STORE_OWNED, NOT_FOUND, CHAIN_BROKEN, STORE_CORRUPT, STORE_UNREACHABLE or STORE_UNWRITABLE.
 */
export async function copyStore(
  from: CopyEnd,
  to: CopyEnd,
  progress: (records: number, of: number) => void = () => undefined,
): Promise<Copied> {
  if (isSame(from.store, to.store)) throw refused(`Both ends are ${from.store.path}; name two stores.`)
  if (from.store.kind === 'sqlite' && !existsSync(from.store.path))
    throw new Fault('NOT_FOUND', {}, { says: `There is no journal at ${from.store.path}; check --from.` })
  for (const { store } of [from, to]) mkdirSync(dirname(store.path), { recursive: true, mode: 0o700 })
  const held: (() => void)[] = []
  try {
    for (const path of new Set([from.store.path, to.store.path])) held.push(holdStore(path))
    return await copyHeld(from, to, progress)
  } finally {
    for (const release of held.reverse()) release()
  }
}

async function copyHeld(from: CopyEnd, to: CopyEnd, progress: (records: number, of: number) => void): Promise<Copied> {
  const owner = await ownerOf(from)
  if (to.siteId !== null && to.siteId !== owner.siteId)
    throw refused(`The store is of ${owner.siteId}, the target of ${to.siteId}; a copy is of the same site.`)
  const source = await openStoreRows(from.store, owner.siteId)
  try {
    const target = await openTarget(to.store, owner)
    try {
      const resumed = target.head().seq
      const carries = from.store.path !== to.store.path
      const [already] = carries && !target.isResumed ? besideAlready(to.store.path) : []
      if (already !== undefined)
        throw refused(`${already} lies where the copy's would be; name another store, or move it away.`)
      await target.begin()
      await copyRows(source, target, progress)
      const none: string[] = []
      const { carried, stays } = carries ? carryFiles(from.store.path, to.store.path) : { carried: none, stays: none }
      await compare(source, target)
      await target.end()
      const lacks = carries && !carried.includes('keys') ? [`keys: there are none at ${from.store.path}.keys`] : []
      const ends = { from: source.name, to: target.name, head: source.head() }
      return { siteId: owner.siteId, ...ends, resumed, carried, stays: [...lacks, ...stays] }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function openTarget(store: SiteStore, owner: CopiedOwner): Promise<CopyTarget> {
  if (store.kind === 'sqlite') return openSqliteTarget(store.path, owner)
  return serverDoor(store.kind).target(store.url, owner)
}

const isSame = (one: SiteStore, other: SiteStore): boolean =>
  one.kind === other.kind &&
  one.path === other.path &&
  (one.kind === 'sqlite' || other.kind === 'sqlite' || one.url === other.url)

const refused = (says: string): Fault => new Fault('STORE_OWNED', {}, { says })

/** Whose the source is. A log on a server whose last owner did not go in order may still be written from another machine. */
async function ownerOf({ store, siteId }: CopyEnd): Promise<CopiedOwner> {
  if (store.kind === 'sqlite') {
    const opened = openStoreReadOnly(store.path)
    try {
      const { reader } = opened
      if (siteId !== null && siteId !== opened.siteId)
        throw refused(`The store ${store.path} belongs to the site ${opened.siteId}, not to ${siteId}.`)
      return { siteId: opened.siteId, keyStoreId: reader.meta('keyStoreId') ?? '', epoch: reader.epoch() }
    } finally {
      opened.database.close()
    }
  }
  return serverDoor(store.kind).freeOwner({ url: store.url, siteId: siteId ?? '' })
}

/** Every record that the target lacks, each checked as it passes. */
async function copyRows(
  source: StoreRows,
  target: CopyTarget,
  progress: (records: number, of: number) => void,
): Promise<void> {
  const { seq, hash } = source.head()
  const stands = target.head()
  const chain = new ChainCheck()
  for (let page = await source.rows(0, PAGE); page.length > 0; page = await source.rows(chain.seq, PAGE)) {
    for (const row of page) {
      const wrong = chain.take(row)
      if (wrong !== null)
        throw new Fault('CHAIN_BROKEN', {}, { says: `${source.name}: ${wrong}; nothing after it is copied.` })
      if (row.seq === stands.seq && row.hash !== stands.hash) throw notEmpty(target.name, stands.seq)
    }
    const missing = page.filter((row) => row.seq > stands.seq)
    if (missing.length > 0) await target.write(missing)
    progress(chain.seq, seq)
  }
  if (stands.seq > chain.seq) throw notEmpty(target.name, stands.seq)
  if (chain.seq !== seq || chain.hash !== hash)
    throw refused(`${source.name} was written meanwhile; stop who writes it.`)
}

/** The target as it reads: the whole chain, and beside it the source, since personal fields that are lost break no link. */
async function compare(source: StoreRows, target: CopyTarget): Promise<void> {
  const chain = new ChainCheck()
  for (let page = await target.rows(0, PAGE); page.length > 0; page = await target.rows(chain.seq, PAGE)) {
    const kept = new Map((await source.rows(chain.seq, page.length)).map(({ seq, personal }) => [seq, personal]))
    for (const row of page) {
      const wrong = chain.take(row)
      if (wrong !== null) throw differs(target, wrong)
      if (kept.get(row.seq) !== row.personal)
        throw differs(target, `record ${row.seq} has not the personal fields of the source`)
    }
  }
  const head = source.head()
  if (chain.seq !== head.seq || chain.hash !== head.hash)
    throw differs(target, `it ends at record ${chain.seq}, the source at ${head.seq}`)
}

const differs = (target: CopyTarget, what: string): Fault =>
  new Fault(
    'CHAIN_BROKEN',
    {},
    { says: `The copy in ${target.name} is not the same: ${what}; throw it away and copy again.` },
  )
