import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { checkpointsBeside, readCheckpoints } from '../../../src/journal/checkpoint-file.ts'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { codeOf } from '../../contracts/journal-drafts.ts'
import { KurrentDouble } from '../../contracts/kurrent-double.ts'
import { BY } from '../privacy/private-room.ts'
import { writeSite } from '../serve/serving-line.ts'

const opened = (file: SiteFile, more: { restored?: boolean } = {}, log: (line: string) => void = () => {}) =>
  openRoom(file, systemClock, log, {}, more)

/** A site whose last checkpoint stands beside its store; answers how many records it names. */
async function signedSite(file: SiteFile): Promise<number> {
  const room = await opened(file)
  for (let n = 0; n < 5; n++) await room.register.putAccount(`acc-${n}`, { name: 'Ada' }, BY)
  await room.close()
  const seq = readCheckpoints(checkpointsBeside(file.store.path)).checkpoints.at(-1)?.seq ?? 0
  expect(seq).toBeGreaterThan(4)
  return seq
}

test('a store that ends before a checkpoint of its own is not opened, and nothing is written to it, until somebody says that it was restored', async () => {
  const file = await readSiteFile((await writeSite(1)).path, {})
  const { path } = file.store
  const seq = await signedSite(file)
  for (const last of [seq - 1, 0]) {
    openDatabase(path, `DELETE FROM record WHERE seq > ${last}`).close()
    for (const _ of [1, 2])
      await expect(opened(file)).rejects.toThrow(
        new RegExp(`ends at record ${last}, but a checkpoint of .* was signed for record ${seq}.*--restored`),
      )
  }
  const told: string[] = []
  const room = await opened(file, { restored: true }, (line) => told.push(line))
  expect(told.join()).toMatch(/ends at record 0, .* goes on from record 0 because it was told to/)
  await room.close()
  expect(readCheckpoints(`${checkpointsBeside(path)}.before-${seq}`).checkpoints.at(-1)?.seq).toBe(seq)
  await (await opened(file)).close()
})

test('a KurrentDB that was emptied, or lost the newest records, behind a checkpoint is not written on', async () => {
  const full = await KurrentDouble.open()
  const site = await readSiteFile((await writeSite(1)).path, {})
  const on = ({ url }: { url: string }): SiteFile => ({
    ...site,
    store: { kind: 'kurrentdb', url, path: site.store.path },
  })
  full.shelf.maxAppendSize = 16 << 20
  const seq = await signedSite(on(full))
  const stream = `berth-site-${site.site.id}`
  const recordsOf = ({ shelf }: KurrentDouble) => {
    const there = shelf.read(stream)
    return there === null || there === 'tombstone' ? [] : there
  }
  const events = recordsOf(full)
  for (const count of [0, seq - 2]) {
    const cut = await KurrentDouble.open()
    onTestFinished(() => cut.close())
    cut.shelf.maxAppendSize = 16 << 20
    for (const event of events.slice(0, count)) cut.shelf.append(stream, [event], 'any')
    await expect(opened(on(cut))).rejects.toThrow(`ends at record ${count}, but a checkpoint`)
    expect(recordsOf(cut)).toHaveLength(count)
    expect(await codeOf(() => opened(on(cut)))).toBe('STORE_CORRUPT')
  }
  await full.close()
})
