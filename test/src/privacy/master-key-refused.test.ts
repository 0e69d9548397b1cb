import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Fault } from '../../../machines/faults.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import { BY, privateSite, startedRoom } from './private-room.ts'

test('a wrong or missing master key is refused in a sentence, and no byte of the site’s files changes', async () => {
  const file = await privateSite()
  const room = await startedRoom(file)
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1' }, BY)
  await room.close()
  const { path } = file.store
  const folder = dirname(path)
  /** Every file of the site but its locks, which say who tried. */
  const bytes = () =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !/lock|-wal$|-shm$/.test(entry.name))
      .map(({ name }) => [name, readFileSync(join(folder, name)).toString('hex')])
  const before = bytes()
  const refused = (env: NodeJS.ProcessEnv) =>
    openRoom(file, systemClock, () => {}, env).then(
      () => 'opened',
      (fault: Fault) => `${fault.code}: ${fault.message}`,
    )
  expect(await refused({ BERTH_MASTER_KEY: '22'.repeat(32) })).toMatch(/^KEY_UNAVAILABLE: The master key does not open/)
  expect(await refused({ BERTH_MASTER_KEY: 'short' })).toMatch(
    /^KEY_UNAVAILABLE: The master key in BERTH_MASTER_KEY is not/,
  )
  expect(bytes()).toEqual(before)
  const kept = readFileSync(`${path}.keys.master`, 'utf8').trim()
  rmSync(`${path}.keys.master`)
  expect(await refused({})).toMatch(/^KEY_UNAVAILABLE: The master key .* is missing/)
  const without = before.filter(([name]) => !name?.endsWith('.master'))
  expect(without).toHaveLength(before.length - 1)
  expect(bytes(), 'what was taken away is not made anew').toEqual(without)
  const again = await openRoom(file, systemClock, () => {}, { BERTH_MASTER_KEY: kept })
  expect(again.register.vehicle('AB12CDE')).toMatchObject({ accountId: 'acc-1' })
  await again.close()
})
