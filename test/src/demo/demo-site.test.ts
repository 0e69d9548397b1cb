import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ACCOUNTS,
  FIRST_VISITOR,
  NEIGHBOUR,
  NEIGHBOURED_VISITOR,
  PHONED,
  plateKeyText,
  REGULARS,
  REVIEWED,
  UNREADABLE,
  UNREGISTERED,
} from '../../../src/demo/cast.ts'
import { writeDemoSite } from '../../../src/demo/demo-site.ts'
import { seededDice } from '../../../src/demo/dice.ts'
import { writePhotoSite } from '../../../src/demo/photo-site.ts'
import { OPENING } from '../../../src/demo/timetable.ts'
import { checkSiteFileAt } from '../../../src/site-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-site-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const options = { port: 0, chance: seededDice(1), timezone: 'Europe/London' }

describe('the site file of the demo', () => {
  test('checks without an error: six bays, two cameras, three charge points', async () => {
    const { path } = await writeDemoSite(folder, options)
    const { errors, site } = await checkSiteFileAt(path)
    expect(errors).toEqual([])
    expect([site?.bays.length, site?.cameras.length, site?.chargePoints.length]).toEqual([6, 2, 3])
    expect(site?.layout).toEqual([['bay-1', 'bay-2', 'bay-3'], [], ['bay-4', 'bay-5', 'bay-6']])
    expect(site?.http.publicUrl).toBe('http://127.0.0.1:0')
    expect(site?.bays.map((bay) => bay.connectors[0])).toEqual([
      { chargePoint: 'CP-1', evse: 1 },
      { chargePoint: 'CP-1', evse: 2 },
      { chargePoint: 'CP-2', evse: 1 },
      { chargePoint: 'CP-2', evse: 2 },
      { chargePoint: 'CP-3', evse: 1 },
      { chargePoint: 'CP-3', evse: 2 },
    ])
  })

  test('is written again over its own, and never over a site that somebody else wrote', async () => {
    await writeDemoSite(folder, options)
    await writeDemoSite(folder, { ...options, port: 8123 })
    expect(await readFile(join(folder, 'site.yaml'), 'utf8')).toContain('port: 8123')
    await writeFile(join(folder, 'site.yaml'), 'site: { id: mine }\n')
    await expect(writeDemoSite(folder, options)).rejects.toThrow('did not write')
    expect(await readFile(join(folder, 'site.yaml'), 'utf8')).toBe('site: { id: mine }\n')
  })

  test('for photographs checks too, with one bay, camera and charge point a lane', async () => {
    const { path, lanes } = await writePhotoSite(folder, 4, 0, seededDice(2))
    const { errors, site } = await checkSiteFileAt(path)
    expect(errors).toEqual([])
    expect([lanes.length, site?.bays.length, site?.policy.quorum]).toEqual([4, 4, 2])
  })
})

describe('the cast', () => {
  test('is registered as its kind says, each plate once', () => {
    const plates = ACCOUNTS.flatMap((account) => account.plates)
    expect(new Set(plates).size).toBe(plates.length)
    for (const visitor of [...REGULARS, FIRST_VISITOR, NEIGHBOUR, NEIGHBOURED_VISITOR, REVIEWED])
      expect(plates).toContain(plateKeyText(visitor.look.plate))
    // Mud hides it from the cameras, and its driver types it.
    expect([plates.includes(plateKeyText(PHONED.look.plate)), PHONED.look.plate.cover, PHONED.card]).toEqual([
      true,
      'mud',
      null,
    ])
    expect(plates).not.toContain(plateKeyText(UNREGISTERED.look.plate))
    expect(plates).not.toContain(plateKeyText(UNREADABLE.look.plate))
    expect(ACCOUNTS.flatMap((account) => account.cards)).toContain(UNREADABLE.card)
  })

  test('comes in the opening: everybody whom the demo promises, the first at once', () => {
    expect(OPENING[0]).toMatchObject({ at_s: 0, visitor: FIRST_VISITOR })
    const kinds = new Set(OPENING.map(({ visitor }) => visitor.kind))
    expect([...kinds].sort()).toEqual(['neighbour', 'registered', 'reviewed', 'unreadable', 'unregistered'])
    expect(OPENING.every(({ at_s }) => at_s < 90)).toBe(true)
  })
})
