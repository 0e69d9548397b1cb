import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Autonomy } from '../../machines/events.ts'
import type { Scene } from '../../simulations/toy-scene.ts'
import { systemChance } from '../../src/chance.ts'
import { systemClock } from '../../src/clock.ts'
import { openSqliteJournal } from '../../src/journal/sqlite.ts'
import { openKeyStore } from '../../src/privacy/key-store.ts'
import { scratchFolder } from '../contracts/journal-drafts.ts'

/** What a test's site file says besides its two bays. */
type Said = {
  readonly autonomy?: Autonomy
  readonly bays?: { readonly [bayId: string]: Autonomy }
  readonly reviewers?: boolean
}

/** A site file of bay-1 and bay-2, each with its own charge point, in a folder that goes when the test does. Answers its path. */
export function siteFile(folder = scratchFolder(), { autonomy, bays = {} }: Said = {}): string {
  const path = join(folder, 'site.yaml')
  const numbers = [1, 2]
  const site = {
    site: { id: 'depot', name: 'Depot', timezone: 'UTC' },
    store: { kind: 'sqlite', path: './depot.db' },
    http: { host: '127.0.0.1', port: 0 },
    ocpp: { host: '127.0.0.1', port: 9220 },
    cameras: [{ id: 'cam-1', token: 'cam-1-secret' }],
    bays: numbers.map((number) => ({
      id: `bay-${number}`,
      chargePoint: `CP-${number}`,
      zones: [
        {
          camera: 'cam-1',
          polygon: [
            [(number - 1) / 2, 0.2],
            [number / 2, 0.2],
            [number / 2, 0.9],
            [(number - 1) / 2, 0.9],
          ],
        },
      ],
      ...(bays[`bay-${number}`] ? { autonomy: bays[`bay-${number}`] } : {}),
    })),
    chargePoints: numbers.map((number) => ({ id: `CP-${number}` })),
    ...(autonomy ? { policy: { autonomy } } : {}),
  }
  writeFileSync(path, stringify(site))
  return path
}

/** The scene's journal as a store of the site `depot` on disk, personal fields sealed, beside its site file. Answers the site file's path. */
export async function storeOf(scene: Scene, said: Said = {}): Promise<string> {
  const folder = scratchFolder()
  const path = join(folder, 'depot.db')
  const shared = { siteId: 'depot', clock: systemClock }
  const keys = openKeyStore({ ...shared, path: `${path}.keys`, chance: systemChance, env: {} })
  const journal = await openSqliteJournal({ ...shared, path, keys })
  for (const record of scene.site.journal.records) {
    const {
      seq: _seq,
      siteId: _siteId,
      recordedAt: _at,
      personalHash: _personal,
      contentHash: _content,
      ...rest
    } = record
    const { prev: _prev, hash: _hash, ...draft } = rest
    await journal.append([{ ...draft, personal: scene.site.journal.open(record) }])
  }
  await journal.close()
  keys.close()
  return siteFile(folder, said)
}
