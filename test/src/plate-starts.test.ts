import { expect, test } from 'vitest'
import type { Decision, FactRecord } from '../../machines/record.ts'
import { emptyRegister, foldRegister } from '../../machines/register.ts'
import { PlateStarts } from '../../src/plate-starts.ts'

const NOON = Date.parse('2026-11-22T12:00:00.000Z')
const HOUR = 3_600_000

/** An account with a limit of its own, others under the site's. */
function desk(own: number | null, usual: number | null) {
  const clock = { time: NOON, now: () => clock.time }
  const register = foldRegister(emptyRegister(), {
    version: 1,
    cause: {
      type: 'account.changed',
      accountId: 'acc-1',
      status: 'active',
      confirm: 'never',
      ...(own === null ? {} : { plateStartsPerDay: own }),
    },
  })
  const starts = new PlateStarts({ register: () => register, usual, timezone: 'Europe/London', clock })
  const hear = (bayId: string, ...decisions: Decision[]): void =>
    starts.hear({ bayId, decisions, at: new Date(clock.time).toISOString() } as unknown as FactRecord)
  let visits = 0
  /** A visit that is authorized by this rank and started so many times. */
  const visit = (bayId: string, identifiedBy = 'plate', times = 1, person = false): string => {
    const visitId = `${bayId}-${++visits}`
    hear(bayId, { type: 'VisitAuthorized', visitId, accountId: 'acc-1', identifiedBy, person })
    for (let time = 0; time < times; time++) hear(bayId, { type: 'StartRequested', visitId })
    return visitId
  }
  const leaves = (bayId: string, visitId: string): void => hear(bayId, { type: 'VisitEnded', visitId })
  return { clock, starts, visit, leaves, hear }
}

test('an account begins as many charges by plate a day as it may, each visit counted once', () => {
  const { starts, visit, leaves } = desk(2, null)
  expect(starts.isSpent('acc-1', 'bay-1')).toBe(false)
  leaves('bay-1', visit('bay-1', 'plate', 3))
  expect(starts.isSpent('acc-1', 'bay-1')).toBe(false)
  const second = visit('bay-2')
  // The visit that runs there may ask again; any other may not.
  expect([starts.isSpent('acc-1', 'bay-2'), starts.isSpent('acc-1', 'bay-1')]).toEqual([false, true])
  leaves('bay-2', second)
  expect(starts.isSpent('acc-1', 'bay-2')).toBe(true)
})

test('cards, people’s words and visits that never started count for nothing', () => {
  const { starts, visit, hear } = desk(1, null)
  visit('bay-1', 'card')
  visit('bay-2', 'plate', 1, true)
  visit('bay-3', 'plate', 0)
  expect(starts.isSpent('acc-1', 'bay-4')).toBe(false)
  const upgraded = visit('bay-5', 'plate', 0)
  hear('bay-5', { type: 'IdentityUpgraded', visitId: upgraded, accountId: 'acc-1', to: 'card', person: false })
  hear('bay-5', { type: 'StartRequested', visitId: upgraded })
  expect(starts.isSpent('acc-1', 'bay-4')).toBe(false)
})

test('the day is the site’s, and begins anew at its midnight', () => {
  const { starts, visit, leaves, clock } = desk(1, null)
  leaves('bay-1', visit('bay-1'))
  clock.time = NOON + 11 * HOUR
  expect(starts.isSpent('acc-1', 'bay-1')).toBe(true)
  clock.time = NOON + 12 * HOUR
  expect(starts.isSpent('acc-1', 'bay-1')).toBe(false)
})

test('an account’s own limit goes before the site’s, and where neither says one there is none', () => {
  const count = (own: number | null, usual: number | null): boolean => {
    const { starts, visit, leaves } = desk(own, usual)
    leaves('bay-1', visit('bay-1'))
    return starts.isSpent('acc-1', 'bay-1')
  }
  expect([count(null, null), count(null, 1), count(2, 1), count(1, 9), count(0, null)]).toEqual([
    false,
    true,
    false,
    true,
    true,
  ])
})

test('two that were let charge at one moment are two, until the bay has started or refused', () => {
  const { starts, hear } = desk(1, null)
  starts.granted('acc-1', 'bay-1')
  expect([starts.isSpent('acc-1', 'bay-2'), starts.isSpent('acc-1', 'bay-1')]).toEqual([true, false])
  hear('bay-1', { type: 'VisitEnded', visitId: 'bay-1-9' })
  expect(starts.isSpent('acc-1', 'bay-2')).toBe(false)
})
