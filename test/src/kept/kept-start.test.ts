import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { inflateRawSync } from 'node:zlib'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { Draft } from '../../../machines/record.ts'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { openSqliteJournal } from '../../../src/journal/sqlite.ts'
import { fileShelf } from '../../../src/kept/kept-shelf.ts'
import { type KeptState, openState, sealState } from '../../../src/kept/kept-state.ts'
import { StateKeeper } from '../../../src/kept/state-keeper.ts'
import { openRoom } from '../../../src/open-room.ts'
import { openKeyStore, openMemoryKeys } from '../../../src/privacy/key-store.ts'
import type { Room } from '../../../src/room.ts'
import { checkSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { asToldDraft, siteText } from '../../bench/long-site.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { livedPast } from '../../projections/lived-past.ts'
import { until } from '../serve/serving-line.ts'
import { remembered } from './remembered-room.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const ENV = { BERTH_MASTER_KEY: 'ab'.repeat(32) }
/** More than a start lives without keeping what it made. */
const RECORDS = 2_400
let past: readonly Draft[]
let plates: readonly string[]

beforeAll(async () => {
  past = (await livedPast(3, 0.6)).slice(0, RECORDS).map(asToldDraft)
  expect(past).toHaveLength(RECORDS)
  plates = [...new Set(JSON.stringify(past.map(({ personal }) => personal)).match(/(?<="plate":")[^"]+/g))]
  expect(plates.length).toBeGreaterThan(5)
})

/** A store that holds this past, and its site file. */
async function storeOf(drafts: readonly Draft[], more: object = {}): Promise<SiteFile> {
  const path = join(scratchFolder(), 'site.db')
  const file = fileAt(path, more)
  const siteId = file.site.id
  const keys = openKeyStore({ path: `${path}.keys`, siteId, clock: systemClock, chance: systemChance, env: ENV })
  const journal = await openSqliteJournal({ path, siteId, clock: systemClock, keys })
  for (let from = 0; from < drafts.length; from += 500) await journal.append(drafts.slice(from, from + 500))
  await journal.close()
  keys.close()
  return file
}

function fileAt(path: string, more: object = {}): SiteFile {
  const bays = [...new Set(past.flatMap(({ bayId }) => bayId ?? []))].toSorted()
  const { site: file, errors } = checkSiteFile(siteText(bays, path, more), join(path, '..', 'site.yaml'))
  if (!file) throw new Error(JSON.stringify(errors))
  return file
}

async function opened(file: SiteFile): Promise<{ room: Room; said: string[]; memory: unknown }> {
  const said: string[] = []
  const room = await openRoom(file, systemClock, (line) => said.push(line), ENV)
  onTestFinished(() => room.close().catch(() => {}))
  const memory = remembered(room)
  return { room, said: said.filter((line) => !line.startsWith('The clock of this machine')), memory }
}

const keptPath = (file: SiteFile): string => `${file.store.path}.kept`

/** A store that was started once, what that start made of its records, and where it kept that. */
async function startedStore() {
  const file = await storeOf(past)
  const { room, memory } = await opened(file)
  expect(remembered(room)).toEqual(memory)
  await room.close()
  expect(existsSync(keptPath(file))).toBe(true)
  return { file }
}

/** What a start without a kept state makes of this store. */
async function wholeOf(file: SiteFile): Promise<unknown> {
  rmSync(keptPath(file), { force: true })
  const { room, memory, said } = await opened(file)
  await room.close()
  expect(said).toEqual([])
  return memory
}

/** Puts another state in the place of the kept one, sealed as it was. */
async function reseal(file: SiteFile, change: (kept: KeptState) => KeptState, as: SiteFile = file): Promise<void> {
  const keys = openKeyStore({
    ...{ path: `${file.store.path}.keys`, siteId: file.site.id, clock: systemClock, chance: systemChance, env: ENV },
  })
  const kept = await openState(readFileSync(keptPath(file)), file, keys)
  if (typeof kept === 'string') throw new Error(kept)
  writeFileSync(keptPath(file), await sealState(change(kept), as, keys))
  keys.close()
}

test('a start keeps what it made of its records, and the next one begins there and knows the same', async () => {
  const { file } = await startedStore()
  const second = await opened(file)
  expect(second.said).toEqual([])
  await second.room.close()
  expect(second.memory).toEqual(await wholeOf(file))
})

test('a state that says otherwise than the journal is found behind open doors, told to people, and deleted', async () => {
  const { file } = await startedStore()
  await reseal(file, (kept) => {
    const said = deserialize(serialize(kept.said))
    said.site.bays[0][1].bare.context.automatic = false
    return { ...kept, said }
  })
  const { room, said } = await opened(file)
  expect(room.desk.bay('bay-1')).not.toBeNull()
  // It was begun from: only a start that took it back can be wrong by it.
  expect(room.site.bay('bay-1')?.automatic).toBe(false)
  await until(() => room.desk.alarms().some(({ type }) => type === 'kept-state'), 60_000)
  expect(said.concat(room.desk.alarms().map(({ says }) => says)).join()).toContain('otherwise than the journal: bay-1.')
  await until(() => !existsSync(keptPath(file)))
})

test('a kept state that is right is left alone by that check, and the past can be asked as ever', async () => {
  const { file } = await startedStore()
  const { room } = await opened(file)
  await room.desk.recall(async () => {})
  expect(room.desk.alarms().filter(({ type }) => type === 'kept-state')).toEqual([])
  const then = await room.desk.siteAt(700)
  rmSync(keptPath(file))
  await room.close()
  const whole = await opened(file)
  expect(then).toEqual(await whole.room.desk.siteAt(700))
})

const UNFIT: readonly (readonly [name: string, spoil: (file: SiteFile) => Promise<void> | void, says: string])[] = [
  ['a changed byte', (file) => changeByte(keptPath(file)), 'is damaged'],
  ['half a file', (file) => writeFileSync(keptPath(file), readFileSync(keptPath(file)).subarray(0, 900)), 'is damaged'],
  ['nothing in it', (file) => writeFileSync(keptPath(file), ''), 'is damaged'],
  [
    'another site file',
    (file) => reseal(file, (kept) => kept, fileAt(file.store.path, { twoPeople: { zones: true } })),
    'another site file',
  ],
  [
    'another past',
    (file) => reseal(file, ({ link, said }) => ({ said, link: { ...link, hash: 'f'.repeat(64) } })),
    'another past',
  ],
  [
    'a longer past',
    (file) => reseal(file, ({ link, said }) => ({ said, link: { ...link, seq: 9_999 } })),
    'another past',
  ],
  [
    'a part missing',
    (file) => reseal(file, ({ link, said }) => ({ link, said: { site: (said as { site: object }).site } })),
    'could not be taken back',
  ],
]

test.each(UNFIT)('with %s the whole journal is lived, and one line says why', async (_name, spoil, says) => {
  const { file } = await startedStore()
  await spoil(file)
  const spoilt = await opened(file)
  await spoilt.room.close()
  expect(spoilt.said).toHaveLength(1)
  expect(spoilt.said[0]).toContain(says)
  expect(spoilt.memory).toEqual(await wholeOf(file))
})

function changeByte(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
  writeFileSync(path, bytes)
}

test('what a running site keeps is what a start would make of its records, not what it knows besides', async () => {
  const { file } = await startedStore()
  const { room } = await opened(file)
  await room.start()
  await room.desk.command('bay-1', { id: 'cmd-1', type: 'out-of-service' }, { name: 'anna', role: 'operator' })
  // No record says that: it must not be kept.
  room.site.book.enter({ transactionId: 'only-here', bayId: 'bay-1', connector: 'CP-1/1', accepted: true }, null, 1)
  const shelf = fileShelf(keptPath(file))
  const keeper = new StateKeeper({ room, shelf, clock: systemClock, env: ENV, log: () => {} }, 0)
  await keeper.keep()
  await room.site.idle()
  await room.close()
  const again = await opened(file)
  expect(again.said).toEqual([])
  expect(again.room.site.book.find('only-here')).toBeNull()
  await again.room.close()
  expect(again.memory).toEqual(await wholeOf(file))
})

test('no plate stands in the kept state in clear, and of who was forgotten since nothing is taken back', async () => {
  const { file } = await startedStore()
  const open = () =>
    openKeyStore({
      ...{ path: `${file.store.path}.keys`, siteId: file.site.id, clock: systemClock, chance: systemChance, env: ENV },
    })
  const keys = open()
  const clear = inflateRawSync(keys.kept.open(readFileSync(keptPath(file))) as Buffer).toString('latin1')
  expect(clear).toContain('bay-1')
  expect(plates.filter((plate) => clear.includes(plate))).toEqual([])
  keys.close()
  const known = await opened(file)
  const [subject] = (known.memory as { desk: { plates: [string, string][] } }).desk.plates.at(-1) as [string, string]
  expect(known.room.desk.plateOf(subject)).not.toBeNull()
  known.room.keys.destroy(subject)
  await known.room.close()
  const after = await opened(file)
  expect(after.room.desk.plateOf(subject)).toBeNull()
})

test('a power cut while it was written leaves the one before', async () => {
  const { file } = await startedStore()
  writeFileSync(`${keptPath(file)}.part`, 'cut off')
  const { said, memory, room } = await opened(file)
  await room.close()
  expect(said).toEqual([])
  expect(memory).toEqual(await wholeOf(file))
})

/** A keeper for this room that looks at once whether it is time, and keeps on this shelf. */
function eagerKeeper(room: Room, file: SiteFile, shelf = fileShelf(keptPath(file))): void {
  let ahead_ms = 0
  const clock = { ...systemClock, now: () => systemClock.now() + ahead_ms }
  const keeper = new StateKeeper({ room, shelf, clock, env: ENV, log: () => {} }, 0)
  ahead_ms = 60_000
  onTestFinished(() => keeper.close())
  keeper.begin()
}

test('however long the past of one site is checked, newer states are kept meanwhile', async () => {
  const [{ file: one }, { file: other }] = [await startedStore(), await startedStore()]
  const [{ room: checked }, { room }] = [await opened(one), await opened(other)]
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  onTestFinished(() => answer.resolve())
  const read = checked.journal.readSite
  const readSite: typeof read = async (...place) => {
    asked.resolve()
    await answer.promise
    return read(...place)
  }
  Object.assign(checked.journal, { readSite })
  await asked.promise
  rmSync(keptPath(other))
  eagerKeeper(room, other)
  await until(() => existsSync(keptPath(other)), 20_000)
})

test('what is kept anew while a check finds the state wrong from which that began is deleted too', async () => {
  const { file } = await startedStore()
  await reseal(file, (kept) => {
    const said = deserialize(serialize(kept.said))
    said.site.bays[0][1].bare.context.automatic = false
    return { ...kept, said }
  })
  const { room } = await opened(file)
  const [go, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  onTestFinished(() => go.resolve())
  const shelf = fileShelf(keptPath(file))
  const write = async (sealed: Uint8Array): Promise<void> => {
    await go.promise
    await shelf.write(sealed)
    written.resolve()
  }
  eagerKeeper(room, file, { ...shelf, write })
  await until(() => room.desk.alarms().some(({ type }) => type === 'kept-state'), 60_000)
  go.resolve()
  await written.promise
  await until(() => !existsSync(keptPath(file)))
})

test('a state of many bays is opened piece by piece where somebody else needs the time between', async () => {
  const { file } = await startedStore()
  const keys = openMemoryKeys({ siteId: file.site.id, clock: systemClock, chance: systemChance })
  const said = { site: { bays: Array.from({ length: 450 }, (_, at) => [`bay-${at}`, { at }]) } }
  const sealed = await sealState({ link: { seq: 1, hash: 'a' }, said }, file, keys)
  let rests = 0
  const opened = await openState(sealed, file, keys, async () => void rests++)
  expect(opened).toEqual({ link: { seq: 1, hash: 'a' }, said })
  expect(rests).toBe(5)
})

test('of a start that fails after its past was lived nothing goes on', async () => {
  const { file } = await startedStore()
  const machines = `${file.store.path}.machines`
  rmSync(machines, { recursive: true })
  writeFileSync(machines, 'in the way')
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  await expect(openRoom(file, systemClock, () => {}, ENV)).rejects.toThrow('EEXIST')
  expect(timers()).toBeLessThanOrEqual(before)
})
