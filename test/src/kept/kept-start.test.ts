import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { inflateRawSync } from 'node:zlib'
import { expect, onTestFinished, test, vi } from 'vitest'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { fileShelf } from '../../../src/kept/kept-shelf.ts'
import { openState, sealState } from '../../../src/kept/kept-state.ts'
import { StateKeeper } from '../../../src/kept/state-keeper.ts'
import { openRoom } from '../../../src/open-room.ts'
import { openMemoryKeys } from '../../../src/privacy/key-store.ts'
import type { Room } from '../../../src/room.ts'
import type { SiteFile } from '../../../src/site-file.ts'
import { until } from '../serve/serving-line.ts'
import { ENV, keptPath, keysOf, opened, PAST, reseal, startedStore, wholeOf } from './kept-stores.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const plates = [...new Set(JSON.stringify(PAST.map(({ personal }) => personal)).match(/(?<="plate":")[^"]+/g))]

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
  const keys = keysOf(file)
  const clear = inflateRawSync(keys.kept.open(readFileSync(keptPath(file))) as Buffer).toString('latin1')
  expect(clear).toContain('bay-1')
  expect(plates.length).toBeGreaterThan(5)
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
  await until(() => existsSync(keptPath(other)))
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
