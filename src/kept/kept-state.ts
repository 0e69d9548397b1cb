import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Link } from '../../actors/pages-ahead.ts'
import type { KeyStore } from '../privacy/key-store.ts'
import type { SiteFile } from '../site-file.ts'
import { FOLDING_CODE } from './folding-code.ts'

/** Raised where what is written here changes its shape. */
const FORMAT = 1

/** What a site remembered after a record. */
export type KeptState = { readonly link: Link; readonly said: unknown }

/** Who may take it back: the same code, for the same site, by the same file. `bays`: of `said.site.bays`, so many together. */
type Signed = KeptState & { readonly format: number; readonly made: string; readonly bays: readonly Buffer[] }

/** Bays that are written down at a time: others have their turn between. */
const TOGETHER = 100

const packed = promisify(deflateRaw)
const unpacked = promisify(inflateRaw)

type Said = { readonly site: { readonly bays: readonly unknown[] } }

/**
 * Writes down what a site says that it remembers, seals it, and answers the bytes, which are nobody's but this key store's. It is all written down when the call
 * returns, or where `rest` is given, when it resolves: nothing may be heard by that site until then.
 */
export async function sealState(
  { link, said }: KeptState,
  file: SiteFile,
  keys: Pick<KeyStore, 'kept' | 'storeId'>,
  rest?: () => Promise<void>,
): Promise<Buffer> {
  const { site, ...others } = said as Said
  const bays: Buffer[] = []
  for (let from = 0; from < site.bays.length; from += TOGETHER) {
    if (rest && from > 0) await rest()
    bays.push(serialize(site.bays.slice(from, from + TOGETHER)))
  }
  if (rest) await rest()
  const made = makingOf(file, keys.storeId)
  const signed: Signed = { format: FORMAT, made, link, bays, said: { ...others, site: { ...site, bays: [] } } }
  return keys.kept.seal(await packed(serialize(signed), { level: 1 }))
}

/** What was sealed. `damaged`: it cannot be opened; `other`: another berth, another site file, or another site made it. `rest` is awaited before every few bays. */
export async function openState(
  sealed: Uint8Array,
  file: SiteFile,
  keys: Pick<KeyStore, 'kept' | 'storeId'>,
  rest?: () => Promise<void>,
): Promise<KeptState | 'damaged' | 'other'> {
  const clear = keys.kept.open(sealed)
  if (clear === null) return 'damaged'
  // Nobody but this key store wrote these bytes, so they are berth's own; how another berth wrote them is not known.
  try {
    const { format, made, link, said, bays } = deserialize(await unpacked(clear)) as Signed
    if (format !== FORMAT || made !== makingOf(file, keys.storeId)) return 'other'
    const { site, ...others } = said as Said
    const all: unknown[] = []
    for (const some of bays) {
      await rest?.()
      all.push(...(deserialize(some) as unknown[]))
    }
    return { link, said: { ...others, site: { ...site, bays: all } } }
  } catch {
    return 'other'
  }
}

/** Where on which machine a site lies says nothing of what it remembers; everything else in its file may. */
function makingOf(file: SiteFile, storeId: string): string {
  const { store, http: _http, ...rest } = file
  const folder = JSON.stringify(dirname(store.path)).slice(1, -1)
  const written = JSON.stringify(rest).replaceAll(folder, '.')
  return createHash('sha256')
    .update(JSON.stringify([FOLDING_CODE, storeId, written]))
    .digest('hex')
}
