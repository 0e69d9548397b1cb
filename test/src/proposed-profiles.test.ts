import { readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openRoom } from '../../src/open-room.ts'
import type { Room } from '../../src/room.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { until, writeSite } from './serve/serving-line.ts'

async function opens(path: string): Promise<Room> {
  const room = await openRoom(await readSiteFile(path, {}), systemClock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  return room
}

const boots = (room: Room) =>
  room.chargePointDesk.hear({ type: 'booted', chargePointId: 'CP-1', vendor: 'EN+', model: 'AC7000', firmware: null })
const proposed = (room: Room) => room.desk.alarms().filter((alarm) => alarm.type === 'profile-proposed')

test('a profile that a boot suggests is an open alarm of the site, once, over restarts, until the site file names it', async () => {
  const { path } = await writeSite(1)
  const first = await opens(path)
  expect(first.site.bay('bay-1')?.connectors['CP-1/1']).toMatchObject({ drawingBy: 'current', startOn: 'validation' })
  await boots(first)
  await until(() => proposed(first).length === 1)
  expect(proposed(first)[0]).toMatchObject({ bayId: null, do: expect.stringContaining('`profile: en-plus`') })
  await first.close()
  const second = await opens(path)
  await boots(second)
  expect(proposed(second)).toHaveLength(1)
  await second.close()
  writeFileSync(path, readFileSync(path, 'utf8').replace('- id: CP-1', '- id: CP-1\n    profile: en-plus'))
  const third = await opens(path)
  await until(() => proposed(third).length === 0)
  expect(third.site.bay('bay-1')?.connectors['CP-1/1']).toMatchObject({ startOn: 'plug', connectionTimeout_s: 15 })
  const traits = (await third.journal.readSite()).filter((record) => record.cause.type.startsWith('trait.'))
  expect(traits.map((record) => record.cause.type)).toEqual(['trait.proposed', 'trait.settled'])
  const adopted = (await third.journal.readSite()).filter((record) => record.cause.type === 'profile.adopted')
  expect(adopted).toHaveLength(2)
})
