import { expect, test } from 'vitest'
import { evidenceWords, shortWhys } from '../../../src/inspector/page/bay-words.ts'
import { countsOf, type FILTERS, isWanted, spokenTile, tileOf } from '../../../src/inspector/page/tile-words.ts'
import { busySite } from './busy-site.ts'

test('a bay is found by a piece of its name, plate or account, however it is typed, and by what is wrong with it', async () => {
  const { desk } = await busySite()
  const found = (filter: (typeof FILTERS)[number], piece: string) =>
    desk
      .bays()
      .filter((bay) =>
        isWanted(
          { ...bay, visit: bay.visit && { ...bay.visit, plate: 'AB12 CDE' } },
          bay.bayId === 'bay-4',
          filter,
          piece,
        ),
      )
      .map(({ bayId }) => bayId)
  expect(found('all', '')).toHaveLength(6)
  expect(found('all', 'BAY 2')).toEqual(['bay-2'])
  expect(found('all', 'ab-12c')).toEqual(['bay-1', 'bay-2', 'bay-3', 'bay-4'])
  expect(found('all', 'ACC-1')).toEqual(['bay-1', 'bay-2', 'bay-3', 'bay-4'])
  expect(found('needs', '')).toEqual(['bay-4'])
  expect(found('charging', '')).toEqual(['bay-1'])
  expect(found('free', '')).toEqual(['bay-6'])
  expect(found('doubtful', '')).toEqual(['bay-5'])
  expect(found('free', 'bay-5')).toEqual([])
})

test('who listens hears the name first, the state, and that the bay needs somebody; never a plate', async () => {
  const { desk } = await busySite()
  const said = desk.bays().map((bay) => spokenTile(tileOf(bay, bay.bayId === 'bay-2')))
  expect(said[1]).toBe('bay-2, seeing, in review, needs you')
  expect(said.join(' ')).not.toMatch(/AB|v-1/)
})

test('a bay out of service is neither free nor charging, and says no duration: it became vacant at another time', async () => {
  const { desk } = await busySite()
  const bays = desk.bays()
  expect(bays.filter(({ service }) => service !== 'in-service').map(({ bayId }) => bayId)).toEqual(['bay-5'])
  const off = bays.flatMap((bay) => (bay.bayId === 'bay-5' ? [{ ...bay, state: 'vacant' as const }] : []))
  expect(countsOf(bays)).toEqual({ charging: 1, seeing: 1, asking: 1, leaving: 1, free: 1, off: 1 })
  const counted = (some: typeof bays) => Object.values(countsOf(some)).reduce((sum, each) => sum + each, 0)
  expect([counted(bays), counted(off)]).toEqual([bays.length, off.length])
  expect(countsOf(off)).toMatchObject({ charging: 0, free: 0, off: 1 })
  expect(off.map((bay) => tileOf(bay, false).since)).toEqual([null])
  expect(bays.filter(({ service }) => service === 'in-service').every((bay) => tileOf(bay, false).since !== null)).toBe(
    true,
  )
})

test('a tile says why in words that people say, and says nothing twice', () => {
  const why = { seq: 1, at: '2026-11-22T10:00:00.000Z', guards: [], evidence: [] }
  const said = (event: string, rule: string) => shortWhys({ why: { ...why, event, rule } })[0]
  expect(said('bay.wake', 'leftSeen')).toBe('time passed: seen to leave')
  expect(said('zone.empty', 'zoneEmpty')).toBe('zone empty: nobody seen')
  expect(said('second.read', 'secondAnswered')).toBe('second read: a person is asked')
  expect(said('xstate.after.voteWindow.bay.detecting.collecting', 'offerAnonymous')).toBe('time passed: no plate read')
  expect(said('plate.agreed', 'agreed')).toBe('plate agreed')
})

test('before anybody is named evidence is against nobody', async () => {
  const { desk } = await busySite()
  const visit = desk.bay('bay-1')?.visit
  if (!visit) throw new TypeError('nobody is in bay-1')
  const guess = {
    rank: 'guess',
    source: 'cam-2',
    accountId: null,
    agrees: false,
    since: '',
    last: '',
    times: 1,
  } as const
  const nobody = { ...visit, plate: null, identifiedBy: null, accountId: null, evidence: [guess] }
  expect(evidenceWords(nobody)).toBe('guess by cam-2')
  expect(evidenceWords({ ...nobody, plateForgotten: true })).toBe('against it guess by cam-2')
  expect(evidenceWords({ ...visit, evidence: [guess] })).toBe('against it guess by cam-2')
})
