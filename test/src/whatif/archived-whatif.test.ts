import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archive } from '../../../src/commands/archive.ts'
import { exportJournal } from '../../../src/commands/export.ts'
import { whatIf } from '../../../src/commands/whatif.ts'
import { segmentsIn } from '../../../src/journal/segment.ts'
import { openStoreReadOnly } from '../../../src/journal/sqlite-reader.ts'
import { runCommand as run } from '../journal/run-command.ts'
import { arrives, BY, passes, privateSite, skippingClock, startedRoom } from '../privacy/private-room.ts'

const PLATES = ['BX2211KW', 'BX3322KW', 'BX4433KW']

/** A site of three visits that were charged, and a moment between the first and the second. */
async function livedSite() {
  const file = await privateSite({ unmatched_s: 2_678_400 })
  const clock = skippingClock()
  const room = await startedRoom(file, clock)
  let middle = ''
  for (const [n, plate] of PLATES.entries()) {
    if (n === 1) middle = new Date(clock.now()).toISOString()
    await room.register.putVehicle(plate, { accountId: `acc-${n}` }, BY)
    await room.register.putToken(`CARD${n}`, { accountId: `acc-${n}` }, BY)
    await arrives(room, plate)
    const start = { chargePointId: 'CP-1', evse: 1, idToken: `CARD${n}`, happenedAt: null }
    const { transactionId } = await room.chargePointDesk.hear({ type: 'started', ...start, register_Wh: 1_000 })
    const end = { transactionId: String(transactionId), register_Wh: 1_700, reason: 'Local', samples: [] }
    const point = { chargePointId: 'CP-1', idToken: `CARD${n}`, happenedAt: null }
    await room.chargePointDesk.hear({ type: 'ended', ...point, ...end })
    for (let i = 0; i < 4; i++) await passes(room, clock, 120_000)
  }
  await room.close()
  return { file, middle }
}

test('what-if over a store whose beginning is archived and dropped sees every visit as before, also by its segments and the rest', async () => {
  const { file, middle } = await livedSite()
  const site = ['--site', file.path]
  const tried = async (...over: readonly string[]) => {
    const { code, out, err } = await run(whatIf, ...over, '--policy', 'quorum=4', '--json')
    expect([code, err]).toEqual([0, ''])
    const { totals, visits, records } = JSON.parse(out) as {
      readonly totals: { readonly visits: number; readonly changed: number }
      readonly visits: readonly { readonly visitId: string }[]
      readonly records: number
    }
    return { totals, visits, records }
  }
  const whole = await tried(...site)
  expect(whole.totals).toMatchObject({ visits: 3, changed: 3 })
  expect((await run(archive, ...site, '--before', middle)).code).toBe(0)
  expect((await run(archive, ...site, '--before', middle, '--drop')).out).toMatch(/\d+ records dropped/)
  const own = openStoreReadOnly(file.store.path)
  expect(own.reader.ownRows(0, 1)[0]?.seq).toBeGreaterThan(1)
  own.database.close()
  const after = await tried(...site)
  expect([after.totals, after.visits]).toEqual([whole.totals, whole.visits])
  expect(await tried('--store', file.store.path)).toEqual(after)

  const folder = `${file.store.path}.archive`
  const segments = segmentsIn(folder).map((name) => join(folder, name))
  const rest = `${file.store.path}.rest.jsonl`
  expect((await run(exportJournal, ...site, '--out', rest, '--rest')).code).toBe(0)
  const pieces = await tried(...segments, rest)
  expect([pieces.totals, pieces.visits]).toEqual([whole.totals, whole.visits])
  const late = await run(whatIf, ...site, '--policy', 'quorum=4', '--from', middle, '--json')
  expect(JSON.parse(late.out)).toMatchObject({ totals: { visits: 2 } })
})
