import { describe, expect, test } from 'vitest'
import type { BayView } from '../../../projections/bay-view.ts'
import { changeLine, terminal } from '../../../src/demo/commentary.ts'
import type { Milestones } from '../../../src/demo/run-demo.ts'
import { noteMilestone } from '../../../src/demo/run-demo.ts'

const vacant: BayView = {
  bayId: 'bay-2',
  version: 1,
  state: 'vacant',
  detail: 'vacant',
  since: '2026-11-22T10:00:00.000Z',
  visit: null,
  session: null,
  lock: { locked: false, reasons: [] },
  chargers: [
    { chargePointId: 'CP-1', evse: 2, online: true, status: 'Available', current_A: null, power_W: null, at: null },
  ],
  cameras: [],
  service: 'in-service',
  autonomy: 'act',
  why: null,
  noted: null,
  next: { expect: 'a vehicle', by: null, what: null, others: [] },
  blocked: null,
  contradiction: null,
  contradictions: [],
  automatic: true,
  alarms: [],
}
const locked: BayView = {
  ...vacant,
  version: 9,
  state: 'charging-locked',
  detail: 'charging',
  lock: { locked: true, reasons: ['transaction-open'] },
  visit: {
    visitId: 'v',
    plate: 'AB12CDE',
    identifiedBy: 'plate',
    evidence: [],
    erasurePending: false,
    accountId: 'anna',
    startedAt: '2026-11-22T10:00:00.000Z',
  },
  chargers: [
    { chargePointId: 'CP-1', evse: 2, online: true, status: 'Charging', current_A: 7.2, power_W: 1656, at: null },
  ],
}

describe('a line for the person at the terminal', () => {
  test('names bay, state, current, plate and who pays', () => {
    expect(changeLine(locked, vacant)).toBe("bay-2  charging-locked (charging)  7.2 A  AB12CDE  Anna's fleet")
    expect(changeLine(vacant, locked)).toBe('bay-2  vacant')
  })

  test('is left out where a watcher would see nothing new', () => {
    expect(changeLine(vacant, null)).toBeNull()
    expect(changeLine({ ...locked, version: 10 }, locked)).toBeNull()
  })

  test('begins with the local time', () => {
    const lines: string[] = []
    terminal(
      () => new Date(2026, 10, 22, 9, 5, 7).getTime(),
      (text) => lines.push(text),
    )('bay-2  arrives')
    expect(lines).toEqual(['09:05:07  bay-2  arrives\n'])
  })
})

describe('the milestones', () => {
  test('follow the first bay that locks, and no other, until it is vacant', () => {
    const milestones: Milestones = { bayId: null, locked_ms: null, vacated_ms: null }
    noteMilestone(milestones, locked, vacant, 8100)
    noteMilestone(milestones, { ...locked, bayId: 'bay-5' }, { ...vacant, bayId: 'bay-5' }, 9000)
    noteMilestone(milestones, { ...vacant, bayId: 'bay-5' }, { ...locked, bayId: 'bay-5' }, 20_000)
    expect(milestones).toEqual({ bayId: 'bay-2', locked_ms: 8100, vacated_ms: null })
    noteMilestone(milestones, vacant, locked, 47_000)
    expect(milestones).toEqual({ bayId: 'bay-2', locked_ms: 8100, vacated_ms: 47_000 })
  })
})
