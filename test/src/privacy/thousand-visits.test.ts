import { createHash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Handle, Json } from '../../../machines/events.ts'
import { fold } from '../../../machines/plate.ts'
import { systemClock } from '../../../src/clock.ts'
import { exportJournal } from '../../../src/commands/export.ts'
import { replayRecords } from '../../../src/commands/replay.ts'
import { verifyExport, verifyStore } from '../../../src/journal/verification.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import type { SiteFile } from '../../../src/site-file.ts'
import { openViews } from '../../../src/views/site-views.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { tracesIn, tracesUnder } from '../../clear-traces.ts'
import { until } from '../serve/serving-line.ts'
import { BY, passes, privateSite, skippingClock, startedRoom } from './private-room.ts'

const BAYS = 10
/** `npm run crash` plays a thousand. */
const VISITS = Number(process.env['BERTH_VISITS'] ?? 60)
const VICTIM = 37
/** Two letters and four digits, and two letters that a camera never takes for digits. */
const plateOf = (n: number): string => `BX${String(7 * n).padStart(4, '2')}KW`
const accountOf = (n: number): string => `acc-${n}`

async function visit(room: Room, n: number): Promise<void> {
  const bay = (n % BAYS) + 1
  const chargePointId = `CP-${bay}`
  for (const frame of [1, 2, 3])
    await room.feed.see(
      cameraMessage([
        cameraRead(plateOf(n), { box: [(bay - 0.5) / BAYS - 0.02, 0.6, 0.04, 0.05], frame: `f-${n}-${frame}` }),
      ]),
    )
  const start = { chargePointId, evse: 1, idToken: `CARD${n}`, happenedAt: null }
  const { transactionId } = await room.chargePointDesk.hear({ type: 'started', ...start, register_Wh: 1000 })
  const end = { transactionId: String(transactionId), register_Wh: 1000 + n, reason: 'Local', samples: [] }
  await room.chargePointDesk.hear({ type: 'ended', chargePointId, idToken: `CARD${n}`, happenedAt: null, ...end })
}

async function thousandVisits(file: SiteFile): Promise<void> {
  const clock = skippingClock()
  const room = await startedRoom(file, clock)
  const all = Array.from({ length: VISITS }, (_, n) => n)
  const imported = await room.register.importVehicles(
    all.map((n) => ({ plate: plateOf(n), accountId: accountOf(n) })),
    BY,
  )
  expect(imported).toEqual({ imported: VISITS, refused: [] })
  for (const n of all) await room.register.putToken(`CARD${n}`, { accountId: accountOf(n) }, BY)
  for (let first = 0; first < VISITS; first += BAYS) {
    for (const n of all.slice(first, first + BAYS)) await visit(room, n)
    await passes(room, clock, 120_000)
  }
  await room.site.idle()
  await room.close()
}

/** What is readable of everybody, by handle; and the bills that the journal's decisions hold. */
async function told(room: Room): Promise<{ fields: Map<Handle, Json[]>; bills: Json[]; drift: unknown }> {
  const fields = new Map<Handle, Json[]>()
  const records = []
  for (let page = await room.journal.readSite(); page.length > 0; page = await room.journal.readSite(page.at(-1)?.seq))
    records.push(...page)
  // Who verified the request is nobody's word who was here.
  for (const record of records)
    for (const [handle, words] of Object.entries(room.journal.open(record)))
      if (!handle.startsWith('staff-')) fields.set(handle, [...(fields.get(handle) ?? []), words])
  const bills = records.flatMap(({ decisions }) => decisions.filter(({ type }) => type === 'SessionBilled')) as Json[]
  const { drift } = await replayRecords(records, { bay: null, stop: null })
  return { fields, bills, drift }
}

/** Every word of six characters or more in the files that a thief of the database has: not the keys. */
function wordsWithoutKeys(store: string): ReadonlySet<string> {
  const folder = dirname(store)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.includes('.keys') && statSync(join(folder, name)).isFile())
    .map((name) => readFileSync(join(folder, name), 'latin1'))
  return new Set(files.flatMap((text) => text.match(/[A-Za-z0-9+/_=-]{6,}/g) ?? []))
}

const guesses = (plate: string): string[] =>
  [plate, fold(plate)].flatMap((text) => [
    text,
    ...['md5', 'sha1', 'sha256'].flatMap((name) =>
      (['hex', 'base64', 'base64url'] as const).map((how) => createHash(name).update(text).digest(how)),
    ),
  ])

test(`one vehicle of ${VISITS} visits is erased: nothing opens its words, every bill and every other word stays, the chain holds, a dictionary finds nobody, and a restored backup does not bring it back`, async () => {
  const file = await privateSite({}, BAYS)
  const { path } = file.store
  await thousandVisits(file)
  const secrets = { plates: [plateOf(VICTIM)], pictures: [] }
  const parts = ['', '.keys', '.checkpoints.jsonl']
  for (const part of parts) copyFileSync(`${path}${part}`, `${path}${part}.backup`)

  const logged: string[] = []
  const room = await openRoom(file, systemClock, (line) => logged.push(line), {})
  await room.start()
  const folder = dirname(path)
  // Reports on disk, as the running site keeps them, and an export of before anybody asked.
  const views = await openViews(`${path}.views`, room.journal, (line) => logged.push(line))
  await views.follow()
  expect(await exportJournal(['--site', file.path, '--out', `${path}.before.jsonl`])).toBe(0)
  const before = await told(room)
  const handle = String(room.keys.findVehicle(fold(plateOf(VICTIM))))
  expect(before.bills).toHaveLength(VISITS)
  expect(before.drift).toBeNull()
  expect(JSON.stringify(before.fields.get(handle))).toContain(plateOf(VICTIM))
  await room.desk.privacy.erase({ plate: plateOf(VICTIM), account: accountOf(VICTIM) }, BY)
  await until(() => room.desk.privacy.erasures().every(({ status }) => status === 'done'))

  const after = await told(room)
  expect(after.fields.has(handle)).toBe(false)
  before.fields.delete(handle)
  expect(after.fields).toEqual(before.fields)
  expect(after.bills).toEqual(before.bills)
  expect(after.drift).toBeNull()
  expect(room.desk.plateOf(handle)).toBeNull()
  expect(await room.desk.sessions.billed({ account: accountOf(VICTIM) })).toHaveLength(1)
  await views.follow()
  expect(await views.read('visits')).toHaveLength(VISITS)
  // While everything is open: write-ahead logs too.
  expect(readdirSync(folder).filter((name) => /-wal$|\.views$|\.keys$|\.jsonl$/.test(name)).length).toBeGreaterThan(4)
  expect(tracesUnder(folder, secrets)).toEqual([])
  expect(tracesIn('the log', Buffer.from(logged.join('\n')), secrets)).toEqual([])
  await views.close()
  await room.close()
  expect(verifyStore(path).broken).toBeNull()
  expect(await exportJournal(['--site', file.path, '--out', `${path}.export.jsonl`])).toBe(0)
  expect(verifyExport(`${path}.export.jsonl`).broken).toBeNull()
  expect(tracesUnder(folder, secrets)).toEqual([])
  const words = wordsWithoutKeys(path)
  expect(words.size, 'there is something to look through').toBeGreaterThan(VISITS)
  const found = Array.from({ length: 10_000 }, (_, n) => `BX${String(n).padStart(4, '0')}KW`).filter((plate) =>
    guesses(plate).some((guess) => words.has(guess)),
  )
  expect(found).toEqual([])

  for (const part of parts) {
    for (const log of ['-wal', '-shm']) rmSync(`${path}${part}${log}`, { force: true })
    copyFileSync(`${path}${part}.backup`, `${path}${part}`)
  }
  const restored = await startedRoom(file)
  await restored.site.idle()
  const again = await told(restored)
  expect(again.fields.has(handle)).toBe(false)
  expect(again.fields.size).toBe(before.fields.size)
  expect(restored.desk.plateOf(handle)).toBeNull()
  expect(restored.keys.findVehicle(fold(plateOf(VICTIM)))).toBeNull()
  expect(restored.register.vehicle(plateOf(VICTIM))).toBeNull()
  expect(restored.register.vehicle(plateOf(VICTIM + 1))).not.toBeNull()
  const repeated = (await restored.journal.readStream('audit')).filter(({ cause }) => cause.type === 'erasure.repeated')
  expect(repeated.map(({ cause }) => cause['handle'])).toEqual([handle])
  expect(again.bills).toEqual(before.bills)
}, 600_000)
