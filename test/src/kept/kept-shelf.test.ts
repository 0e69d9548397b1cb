import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileShelf } from '../../../src/kept/kept-shelf.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'

/** Every write to this device fails as on a full disk. */
const FULL = '/dev/full'

test('what could not be put in its place takes no room on the disk', async () => {
  const path = join(scratchFolder(), 'site.db.kept')
  mkdirSync(join(path, 'in-the-way'), { recursive: true })
  await expect(fileShelf(path).write(Buffer.alloc(1_000_000))).rejects.toThrow()
  expect(existsSync(`${path}.part`)).toBe(false)
})

test.runIf(existsSync(FULL))('a full disk leaves the one before, and its own half gives the room back', async () => {
  const path = join(scratchFolder(), 'site.db.kept')
  await fileShelf(path).write(Buffer.from('one'))
  symlinkSync(FULL, `${path}.part`)
  await expect(fileShelf(path).write(Buffer.from('two'))).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(existsSync(`${path}.part`)).toBe(false)
  await fileShelf(path).write(Buffer.from('three'))
  expect(readFileSync(path, 'utf8')).toBe('three')
})
