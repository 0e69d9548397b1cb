import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { E19 } from '../../../simulations/scenarios/e19-double-start.ts'
import { systemClock } from '../../../src/clock.ts'
import { keepStory } from '../../../src/commands/recorded-story.ts'
import { adoptTariff } from '../../../src/ocpi/site-bills.ts'
import { openRoom } from '../../../src/open-room.ts'
import { readSiteFile } from '../../../src/site-file.ts'

const BILLING = `
tariff: { currency: GBP, perKwh: 0.45, perSession: 0.35, idlePerMinute: 0.1, idleGrace_min: 5, since: 2020-01-01, tax: { percent: 20 } }
ocpi:
  country_code: GB
  party_id: BRT
  address: { street: 1 Dock Road, city: London, postal_code: E16 1AA, country: GBR }
  coordinates: { latitude: 51.5, longitude: 0.05 }
`

/** A site on disk in which somebody charged, with (`billing`) a tariff on record and a party; `close` removes it. */
export async function toldSite(billing = true) {
  const folder = await mkdtemp(join(tmpdir(), 'berth-told-'))
  const path = join(folder, 'site.yaml')
  const story = E19.stories[2]
  if (story === undefined) throw new Error('E19 has no third story')
  await keepStory(folder, { scenario: E19, story, seed: 0 })
  if (billing) {
    await writeFile(path, (await readFile(path, 'utf8')) + BILLING)
    const file = await readSiteFile(path)
    const room = await openRoom(file, systemClock, () => {}, {})
    await adoptTariff(file.tariff, room.tariffs, room.site)
    await room.close()
  }
  return { folder, path, close: () => rm(folder, { recursive: true, force: true }) }
}
