import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fold } from '../../machines/plate.ts'
import { Scene, TWO_BAYS } from '../../simulations/toy-scene.ts'
import { systemChance } from '../../src/chance.ts'
import { runCommandLine } from '../../src/cli.ts'
import { systemClock } from '../../src/clock.ts'
import { openTold } from '../../src/commands/told-span.ts'
import { openKeyStore } from '../../src/privacy/key-store.ts'
import { readSiteFile } from '../../src/site-file.ts'
import { readVehicleCsv } from '../../src/vehicle-csv.ts'
import { siteFile, storeOf } from './watched-store.ts'

let out = ''
let err = ''
beforeEach(() => {
  out = ''
  err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text)
    return true
  })
})
afterEach(() => void vi.restoreAllMocks())

async function charges(scene: Scene, bayId: string, plate: string, card: string): Promise<void> {
  const connector = bayId === 'bay-1' ? 'CP-1/1' : 'CP-2/1'
  await scene.arrives(plate, bayId)
  await scene.taps(card, connector)
  await scene.plugsIn(connector)
  const { transactionId } = await scene.begins({ idToken: card, connector, register_Wh: 1000 })
  await scene.ends(transactionId, 1600, { chargePointId: connector.slice(0, 4) })
  await scene.unplugs(connector)
  await scene.leaves(bayId)
}

/** A day of watching: three right, one wrong, two of a vehicle that nobody registered, one that asked for nothing. */
async function aDay(): Promise<Scene> {
  const scene = await Scene.open({ ...TWO_BAYS, policy: { autonomy: 'observe' } })
  await scene.registers('AB12CDE', 'acc-1')
  await scene.registersCard('CARD1', 'acc-1')
  await scene.registersCard('CARD2', 'acc-2')
  for (let visit = 0; visit < 3; visit += 1) await charges(scene, 'bay-1', 'AB12CDE', 'CARD1')
  await charges(scene, 'bay-2', 'AB12CDE', 'CARD2')
  await charges(scene, 'bay-2', 'KX71ZZT', 'CARD2')
  await charges(scene, 'bay-2', 'KX71ZZT', 'CARD2')
  await scene.arrives('AB12CDE', 'bay-1')
  await scene.leaves('bay-1')
  return scene
}

/** What is on record of plates that were shown. */
async function looksAt(site: string) {
  const journal = await openTold(await readSiteFile(site))
  try {
    return (await journal.readStream('audit')).flatMap(({ cause }) => (cause.type === 'personal.seen' ? [cause] : []))
  } finally {
    await journal.close()
  }
}

const report = (site: string, ...more: string[]) => runCommandLine(['shadow-report', '--site', site, ...more])

test('the report counts each bay and camera, says why starts were missed, and advises on act with its sample', async () => {
  const site = await storeOf(await aDay())
  expect(await report(site)).toBe(0)
  expect(out).toMatch(/^Depot: 7 visits watched, 2026-\S+Z to 2026-\S+Z\.$/m)
  expect(out).toMatch(
    /^bay-1 +4 +3 +3 {2}100 % \(44-100\) +0 {2}0 % \(0-56\) +0 {2}0 % \(0-56\) +0 +1 \(0 with the cable in\) +0$/m,
  )
  expect(out).toMatch(/^bay-2 +3 +3 +0 .*2 {2}67 % .*1 {2}100 % \(21-100\) +0 +0 +0$/m)
  expect(out).toMatch(/^cam-1 +7 +6 /m)
  expect(out).toContain('2  the plate is not registered')
  expect(out).toMatch(/^bay-1: act is not advised yet: 3 starts compared with cards .* and none wrong, .*at least 60/m)
  expect(out).toMatch(/^bay-2: act is not advised: 1 of 1 start would have charged another account .*record \d+/m)
  expect(out).toContain('1 vehicle that the register does not hold')
  expect(out + err).not.toMatch(/KX71ZZT|AB12CDE|CARD/)
})

test('--rows writes what `berth vehicles import` reads, for its owner’s eyes; --json names vehicles by handle only', async () => {
  const site = await storeOf(await aDay())
  const rows = join(dirname(site), 'rows.csv')
  expect(await report(site, '--rows', rows, '--json')).toBe(0)
  expect(readVehicleCsv(readFileSync(rows, 'utf8'))).toEqual({
    problems: [],
    rows: [{ line: 2, fields: { plate: 'KX71ZZT', accountId: 'acc-2' } }],
  })
  expect(statSync(rows).mode & 0o077).toBe(0)
  expect(await looksAt(site)).toMatchObject([{ what: 'shadow-report', about: 'rows.csv' }])
  const told = JSON.parse(out)
  expect(told).toMatchObject({
    siteId: 'depot',
    sample: 60,
    total: { visits: 7, counts: { right: 3, wrong: 1, missed: 2, unasked: 1 } },
    bays: [
      { name: 'bay-1', right: { of: 3 }, advice: { act: false } },
      { name: 'bay-2', why: { 'the plate is not registered': 2 }, advice: { act: false } },
    ],
    rows: [{ accountId: 'acc-2', visits: 2 }],
    contradicted: [{ accounts: ['acc-1', 'acc-2'] }],
  })
  expect(out).not.toMatch(/KX71ZZT|AB12CDE|CARD/)
})

test('a vehicle that was forgotten is left out of the rows: nobody can say its plate any more', async () => {
  const scene = await aDay()
  const site = await storeOf(scene)
  const path = join(dirname(site), 'depot.db.keys')
  const keys = openKeyStore({ path, siteId: 'depot', clock: systemClock, chance: systemChance, env: {} })
  expect(keys.destroy(scene.site.keys.vehicle(fold('KX71ZZT')))).toBe(true)
  keys.close()
  const rows = join(dirname(site), 'rows.csv')
  expect(await report(site, '--rows', rows)).toBe(0)
  expect(readVehicleCsv(readFileSync(rows, 'utf8')).rows).toEqual([])
  expect(err).toContain('0 rows with plates')
})

test('one bay, and a span of time', async () => {
  const scene = await aDay()
  const site = await storeOf(scene)
  await report(site, '--bay', 'bay-2', '--json')
  expect(JSON.parse(out)).toMatchObject({ total: { visits: 3 }, bays: [{ name: 'bay-2' }] })
  const times = scene.site.journal.records
    .filter(({ decisions }) => decisions.some(({ type }) => type === 'VisitOpened'))
    .map(({ at }) => at)
  out = ''
  await report(site, '--from', String(times[1]), '--to', String(times[4]), '--json')
  expect(JSON.parse(out)).toMatchObject({ first: times[1], last: times[3], total: { visits: 3 } })
})

test.each([
  [['--bay', 'bay-9'], 1, 'no record of bay-9'],
  [['--from', 'yesterday'], 2, 'is not a time'],
  [['--rows', '/nowhere/rows.csv'], 1, 'cannot be written (ENOENT)'],
])('%j is answered with a sentence', async (more, code, says) => {
  const site = await storeOf(await aDay())
  expect(await report(site, ...more)).toBe(code)
  expect(err).toContain(says)
})

test('a site without a store, and one where nobody was watched, say so', async () => {
  expect(await report(siteFile())).toBe(1)
  expect(err).toContain('There is no journal at')
  const scene = await Scene.open(TWO_BAYS)
  await scene.arrives('AB12CDE')
  expect(await report(await storeOf(scene))).toBe(0)
  expect(out).toContain('no visit has been watched')
})
