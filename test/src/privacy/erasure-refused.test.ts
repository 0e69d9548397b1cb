import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { systemChance } from '../../../src/chance.ts'
import { openKeyStore } from '../../../src/privacy/key-store.ts'
import { scratchFolder, stillClock } from '../../contracts/journal-drafts.ts'

const PLATE = 'AB12CDE'

function openKeys(folder: string) {
  const path = join(folder, 'keys')
  const keys = openKeyStore({ path, siteId: 'depot', clock: stillClock(), chance: systemChance, env: {} })
  onTestFinished(() => keys.close())
  return keys
}

test('an erasure that the disk refuses half-way stops nothing: the plate is somebody new, everything is written, and the erasure is done when it is tried again', () => {
  const folder = scratchFolder()
  const first = openKeys(folder)
  const handle = first.vehicle(PLATE)
  const sealed = String(first.seal(handle, { plate: PLATE }))
  first.flush()
  first.close()
  const keys = openKeys(folder)
  const other = new DatabaseSync(join(folder, 'keys'))
  other.exec('BEGIN IMMEDIATE')
  expect(() => keys.erase(handle)).toThrow()
  other.exec('ROLLBACK')
  other.close()
  const anew = keys.vehicle(PLATE)
  expect(anew).not.toBe(handle)
  const words = String(keys.seal(anew, { plate: PLATE }))
  keys.flush()
  expect(keys.startToken('start-1', 'visit-1', 16)).toHaveLength(16)
  keys.erase(handle)
  expect(keys.isLiving(handle)).toBe(false)
  expect(keys.everyVehicle(PLATE)).toEqual([anew])
  keys.close()
  const again = openKeys(folder)
  expect(again.findVehicle(PLATE)).toBe(anew)
  expect([again.open(handle, sealed), again.open(anew, words)]).toEqual([undefined, { plate: PLATE }])
})
