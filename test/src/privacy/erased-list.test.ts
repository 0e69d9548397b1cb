import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openErasedList } from '../../../src/privacy/erased-list.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'

test('a line of the list of erasures that a crash cut off swallows no later one, and names nobody', () => {
  const path = join(scratchFolder(), 'keys.erased')
  for (const torn of ['2026-11-22T11:00:00.000Z acc-1', '2026-11-22T11:00', '2026-11-22T11:00:00.000Z ', '2']) {
    writeFileSync(path, `2026-11-22T10:00:00.000Z veh-1\n${torn}`)
    openErasedList(path).add('acc-17', 0)
    openErasedList(path).add('acc-18', 0)
    expect([...openErasedList(path).times.keys()], torn).toEqual(['veh-1', 'acc-17', 'acc-18'])
  }
})
