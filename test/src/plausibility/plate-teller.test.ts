import { createHmac, hkdfSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Entry } from '../../../actors/ports.ts'
import { Fault } from '../../../machines/faults.ts'
import { PlateTeller, type StandingVisit } from '../../../src/plausibility/plate-teller.ts'
import { plateDoubtOf, type Sighting, sightingOf } from '../../../src/plausibility/sighting.ts'
import { SiteAlarms } from '../../../src/site-alarms.ts'

const KEY = 'a-key-of-the-tests-that-all-sites-share'
const START = Date.UTC(2026, 10, 23, 12, 0, 30)

/** A site whose clock, link and visits a test moves. */
function stage() {
  const visits = new Map<string, StandingVisit>()
  const plates = new Map([
    ['veh-1', 'AB12CDE'],
    ['veh-2', 'XY34Z2G'],
  ])
  const said: Sighting[] = []
  const written: Entry[] = []
  const alarms = new SiteAlarms(() => {})
  const at = { now: START, link: 1 as number | null, fails: false }
  const teller = new PlateTeller({
    rule: { key: KEY, travel_min: 20 },
    clock: { now: () => at.now },
    visits: () => visits.values(),
    plateOf: (handle) => plates.get(handle) ?? null,
    line: () => ({
      hearing: () => at.link,
      say(word) {
        said.push(word)
        return true
      },
    }),
    scribe: () => ({
      async write(entries) {
        if (at.fails) throw new Fault('STORE_UNWRITABLE')
        written.push(...entries)
        return []
      },
    }),
    alarms: () => alarms,
  })
  const comes = (bayId: string, handle: string | null, visitId = `visit-${bayId}`) =>
    void visits.set(visitId, { bayId, visitId, handle })
  /** So many minutes later. */
  const later = (minutes: number): void => {
    at.now += minutes * 60_000
    teller.tick()
  }
  const news = () => said.splice(0).map(({ what, hash }) => [what, hash.slice(0, 6)])
  return { visits, plates, said, written, alarms, at, teller, comes, later, news }
}

/** The hash as whoever has the key comes to it. */
function hashOn(day: string, plate = 'AB12CDE'): string {
  const key = Buffer.from(hkdfSync('sha256', KEY, '', `berth plate at two sites 1 ${day}`, 32))
  return createHmac('sha256', key).update(plate).digest('hex')
}
const short = (day: string, plate?: string): string => hashOn(day, plate).slice(0, 6)
const TODAY = short('2026-11-23')

test('an agreed plate is told once by a hash of the day, and again when it leaves; nothing of a visit without a plate', () => {
  const { comes, teller, said, visits, later, news } = stage()
  comes('bay-1', 'veh-1')
  comes('bay-2', null)
  comes('bay-3', 'veh-unknown')
  teller.tick()
  expect(said).toEqual([
    {
      type: 'sighting',
      hash: hashOn('2026-11-23'),
      minute: Math.floor(START / 60_000),
      what: 'stands',
      travel_min: 20,
    },
  ])
  expect(JSON.stringify(said)).not.toMatch(/AB12|veh-|bay-|visit-/)
  news()
  later(1)
  expect(news()).toEqual([])
  visits.clear()
  later(1)
  expect(news()).toEqual([['left', TODAY]])
})

test('a plate at two bays of the site has left once it left both', () => {
  const { comes, later, news, visits } = stage()
  comes('bay-1', 'veh-1')
  comes('bay-2', 'veh-1')
  later(0)
  visits.delete('visit-bay-1')
  later(1)
  expect(news()).toEqual([
    ['stands', TODAY],
    ['stands', TODAY],
  ])
  visits.clear()
  later(1)
  expect(news()).toEqual([['left', TODAY]])
})

test('nothing is told while no link is up, nor later; each new link is told what stands then', () => {
  const { comes, at, later, news, visits } = stage()
  at.link = null
  comes('bay-1', 'veh-1')
  comes('bay-2', 'veh-2')
  later(0)
  visits.delete('visit-bay-2')
  later(5)
  expect(news()).toEqual([])
  at.link = 2
  later(1)
  expect(news()).toEqual([['stands', TODAY]])
  at.link = 3
  later(1)
  expect(news()).toEqual([['stands', TODAY]])
  // What left between two links is no word of the second.
  at.link = null
  visits.clear()
  later(1)
  at.link = 4
  later(1)
  expect(news()).toEqual([])
})

test('a plate that stands over midnight is told under the next day’s key, and leaves under that', () => {
  const { comes, later, news, visits } = stage()
  comes('bay-1', 'veh-1')
  later(0)
  later(12 * 60)
  visits.clear()
  later(1)
  const tomorrow = short('2026-11-24')
  expect(news()).toEqual([
    ['stands', TODAY],
    ['stands', tomorrow],
    ['left', tomorrow],
  ])
})

test('a corrected plate is taken back, and its alarm with it', async () => {
  const { comes, later, news, alarms, teller } = stage()
  comes('bay-1', 'veh-1')
  later(0)
  await teller.obey({ hash: hashOn('2026-11-23'), site: 'south', apart_min: null })
  expect(alarms.open()).toHaveLength(1)
  comes('bay-1', 'veh-2')
  later(0)
  expect(news()).toEqual([
    ['stands', TODAY],
    ['mistaken', TODAY],
    ['stands', short('2026-11-23', 'XY34Z2G')],
  ])
  expect(alarms.open()).toEqual([])
})

test('what a centre says is on record once and an alarm; it ends with the visit, after an hour at the soonest', async () => {
  const { comes, later, alarms, teller, written, visits } = stage()
  comes('bay-1', 'veh-1')
  later(0)
  const told = { hash: hashOn('2026-11-23'), site: 'depot-south', apart_min: null }
  expect(await teller.obey(told)).toEqual({ known: false })
  expect(await teller.obey(told)).toEqual({ known: true })
  expect(written).toEqual([
    {
      stream: 'audit',
      cause: {
        ...{
          type: 'plate-doubt.told',
          source: 'centre',
          by: 'centre',
          bayId: 'bay-1',
          visitId: 'visit-bay-1',
          handle: 'veh-1',
        },
        ...{ site: 'depot-south', apart_min: null },
      },
      decisions: [],
      personal: {},
    },
  ])
  expect(alarms.open()).toMatchObject([
    {
      type: 'plate-at-other-site',
      bayId: 'bay-1',
      says: 'The plate of the vehicle at bay-1 stands at the site depot-south too: one of the two is a clone or a misread.',
    },
  ])
  later(90)
  expect(alarms.open()).toHaveLength(1)
  visits.clear()
  later(1)
  expect(alarms.open()).toEqual([])
})

test('one that left is found by its hash while its way lasts, and its alarm is shown for an hour', async () => {
  const { comes, later, alarms, teller, visits } = stage()
  comes('bay-1', 'veh-1')
  later(0)
  visits.clear()
  later(1)
  later(9)
  const told = { hash: hashOn('2026-11-23'), site: 'south', apart_min: 9 }
  await teller.obey(told)
  expect(alarms.open()[0]?.says).toBe(
    'The plate of the vehicle that left bay-1 came to the site south within 9 min, and the way takes longer: one of the two is a clone or a misread.',
  )
  later(59)
  expect(alarms.open()).toHaveLength(1)
  later(1)
  expect(alarms.open()).toEqual([])
  await expect(teller.obey(told)).rejects.toThrow('This site told of no such plate')
})

test('what no centre may say is refused: another form, a plate that was not told of, too many', async () => {
  const { comes, later, teller, written, at, alarms } = stage()
  comes('bay-1', 'veh-1')
  later(0)
  const told = { hash: hashOn('2026-11-23'), site: 'south', apart_min: 3 }
  const wrong = [
    ...[null, [], 'text', {}, { ...told, hash: 'AB12CDE' }, { ...told, hash: told.hash.toUpperCase() }],
    ...[
      { ...told, site: '<b>' },
      { ...told, site: '' },
      { ...told, site: 'x'.repeat(101) },
    ],
    ...[
      { ...told, apart_min: -1 },
      { ...told, apart_min: 721 },
      { ...told, apart_min: '3' },
    ],
  ]
  for (const body of wrong) await expect(teller.obey(body as never)).rejects.toThrow('This is no word about a plate.')
  await expect(teller.obey({ ...told, hash: '0'.repeat(64) })).rejects.toThrow('This site told of no such plate')
  at.fails = true
  await expect(teller.obey(told)).rejects.toThrow(Fault)
  expect(alarms.open()).toEqual([])
  at.fails = false
  for (let i = 0; i < 59; i++) await teller.obey({ ...told, site: `site-${i}` })
  await expect(teller.obey({ ...told, site: 'one-more' })).rejects.toThrow('60 plates in this hour already')
  expect(written).toHaveLength(59)
  at.now += 3_600_000
  await teller.obey({ ...told, site: 'one-more' })
  expect(written).toHaveLength(60)
})

test('no more than 100 a minute come, and those that leave need not wait for them', () => {
  const { comes, later, said, visits, plates } = stage()
  for (let i = 0; i < 250; i++) {
    plates.set(`veh-${i}`, `PL${i}`)
    comes(`bay-${i}`, `veh-${i}`)
  }
  later(0)
  later(0)
  expect(said.splice(0)).toHaveLength(100)
  for (let i = 0; i < 30; i++) visits.delete(`visit-bay-${i}`)
  later(0)
  expect(said.splice(0).map(({ what }) => what)).toEqual(Array.from({ length: 20 }, () => 'left'))
  later(1)
  const next = said.splice(0).map(({ what }) => what)
  expect([next.filter((what) => what === 'left').length, next.length]).toEqual([10, 100])
})

test('words of another form are none', () => {
  const word = { hash: 'a'.repeat(64), minute: 29_000_000, what: 'stands', travel_min: 20 }
  expect(sightingOf(word)).toEqual({ type: 'sighting', ...word })
  const wrong = [
    ...[{ hash: 'AB12CDE' }, { hash: 7 }, { hash: 'A'.repeat(64) }, { minute: 1.5 }, { minute: -1 }],
    ...[{ what: 'gone' }, { travel_min: 0 }, { travel_min: 721 }, { travel_min: '20' }, { travel_min: undefined }],
  ]
  for (const change of wrong) expect(sightingOf({ ...word, ...change })).toBeNull()
  expect(plateDoubtOf({ hash: word.hash, site: 'depot', apart_min: 0, more: 1 })).toEqual({
    hash: word.hash,
    site: 'depot',
    apart_min: 0,
  })
})
