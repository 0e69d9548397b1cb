import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { checkpoints } from '../../../src/commands/checkpoints.ts'
import { exportJournal } from '../../../src/commands/export.ts'
import { verify } from '../../../src/commands/verify.ts'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand as run } from './run-command.ts'

const SITE = `site: { id: depot, name: Depot, timezone: Europe/London }
store: { kind: sqlite, path: ./site.db }
http: { host: 127.0.0.1, port: 0 }
ocpp: { host: 127.0.0.1, port: 0 }
bays:
  - { id: bay-1, chargePoint: CP-1, evse: 1, zones: [] }
chargePoints:
  - { id: CP-1 }
checkpoints: { to: [{ kind: file, path: ./elsewhere.jsonl }] }
`

/** A site that came up and went down once: something is recorded, and signed at the end. */
async function lived() {
  const folder = scratchFolder()
  const site = join(folder, 'site.yaml')
  writeFileSync(site, SITE)
  expect(await run(checkpoints, '--site', site).catch(({ message }) => message)).toMatchObject({ code: 1 })
  for (let i = 0; i < 2; i++) {
    const room = await openRoom(await readSiteFile(site, {}), systemClock, () => {}, {})
    await room.start()
    await room.close()
  }
  return { folder, site, store: join(folder, 'site.db'), elsewhere: join(folder, 'elsewhere.jsonl') }
}

test('the commands print the key, hold store and export against checkpoints, and name a cut end although nothing is left beside the store', async () => {
  const { folder, site, store, elsewhere } = await lived()
  const told = await run(checkpoints, '--site', site, '--json')
  const { key, newest, since } = JSON.parse(told.out) as { key: string; newest: { seq: number }; since: number }
  expect([key.length, since]).toEqual([64, 0])
  expect((await run(checkpoints, '--site', site)).out).toContain(`depot signs with ${key}`)
  const whole = await run(verify, '--site', site, '--key', key)
  expect(whole).toMatchObject({ code: 0, err: '' })
  expect(whole.out).toContain(`2 checkpoints hold, up to record ${newest.seq} of`)
  expect(await run(verify, '--site', site, '--key', 'f'.repeat(64))).toMatchObject({
    code: 1,
    err: expect.stringContaining('is signed with another key'),
  })
  expect((await run(verify, '--site', site, '--key', 'nonsense')).code).toBe(2)
  const out = join(folder, 'export.jsonl')
  await run(exportJournal, '--site', site, '--out', out)
  expect((await run(verify, out)).out).toContain('2 checkpoints hold')
  const kept = join(folder, 'kept.jsonl')
  copyFileSync(elsewhere, kept)
  expect(readFileSync(kept, 'utf8')).toContain(`"seq":${newest.seq}`)
  rmSync(`${store}.checkpoints.jsonl`)
  openDatabase(store, `DELETE FROM record WHERE seq >= ${newest.seq}`).close()
  expect(await run(verify, '--site', site)).toMatchObject({
    code: 0,
    out: expect.stringContaining('no signed checkpoints'),
  })
  expect(await run(verify, '--site', site, '--checkpoints', kept)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/the end is cut off: the checkpoint of .* names record/),
  })
  expect((await run(verify, '--site', site, '--checkpoints', join(folder, 'nowhere.jsonl'))).err).toContain(
    'there is no file',
  )
})
