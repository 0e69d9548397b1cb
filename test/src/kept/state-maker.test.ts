import { existsSync, readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { fileShelf } from '../../../src/kept/kept-shelf.ts'
import { StateKeeper } from '../../../src/kept/state-keeper.ts'
import { StateMaker } from '../../../src/kept/state-maker.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import { ENV, keptPath, PAST, storeOf } from './kept-stores.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** A site whose journal holds a past too short for its start to keep, and its shelf, which is empty. */
async function livingSite() {
  const file = await storeOf(PAST.slice(0, 300))
  const room = await openRoom(file, systemClock, () => {}, ENV)
  onTestFinished(() => room.close().catch(() => {}))
  return { file, room, shelf: fileShelf(keptPath(file)) }
}

const keeperOf = (room: Room, shelf: ReturnType<typeof fileShelf>, env: NodeJS.ProcessEnv = ENV) =>
  new StateKeeper({ room, shelf, clock: systemClock, env, log: () => {} }, 0)

test('a state that cannot be made leaves the one before, and the next time one is made', async () => {
  const { file, room, shelf } = await livingSite()
  await keeperOf(room, shelf).keep()
  const before = readFileSync(keptPath(file))
  const wrongKey = { BERTH_MASTER_KEY: 'cd'.repeat(32) }
  await expect(keeperOf(room, shelf, wrongKey).keep()).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE' })
  expect(readFileSync(keptPath(file)).equals(before)).toBe(true)
  rmSync(keptPath(file))
  await keeperOf(room, shelf).keep()
  expect(existsSync(keptPath(file))).toBe(true)
})

test('a record that was altered on the disk since it was written is told to people by who keeps a state', async () => {
  const { file, room, shelf } = await livingSite()
  const database = new DatabaseSync(file.store.path)
  database.exec(`UPDATE record SET content = content || ' ' WHERE seq = 200`)
  database.close()
  await expect(keeperOf(room, shelf).keep()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  expect(room.desk.alarms().map(({ type }) => type)).toContain('journal')
  expect(existsSync(keptPath(file))).toBe(false)
})

test('who closes waits for no state that is being made, and none is made any more', async () => {
  const { file, room } = await livingSite()
  const maker = new StateMaker(ENV)
  const order = { file, head: room.journal.head(), before: null }
  const made = maker.make(order)
  maker.end()
  await expect(made).rejects.toThrow('SIGKILL')
  await expect(maker.make(order)).rejects.toThrow('closes')
})
