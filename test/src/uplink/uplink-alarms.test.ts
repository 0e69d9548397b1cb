import { expect, test } from 'vitest'
import { UplinkAlarms } from '../../../src/uplink/uplink-alarms.ts'

/** Alarms over a clock that is set by hand. */
function stage() {
  const told: (string | null)[] = []
  const log: string[] = []
  const time = { now: Date.parse('2026-11-23T12:00:00.000Z') }
  const alarms = new UplinkAlarms({
    ...{ clock: { now: () => time.now }, at: 'centre.example', silent_min: 60 },
    tell: (kind, says) => void told.push(says === null ? null : `${kind}: ${says}`),
    log: (says) => void log.push(says),
  })
  const minutes = (count: number, behind: number): void => {
    for (let minute = 0; minute < count; minute++) {
      time.now += 60_000
      alarms.tick(behind)
    }
  }
  return { alarms, told, log, minutes }
}

test('a centre that is away is told about after its time and not before, and it ends by itself', () => {
  const { alarms, told, log, minutes } = stage()
  minutes(120, 0)
  alarms.lost('was cut off', false)
  alarms.lost('was cut off', false)
  minutes(59, 3)
  expect(told).toEqual([])
  expect(log).toEqual(['The centre at centre.example was cut off; records wait on this machine.'])
  minutes(1, 3)
  expect(told).toEqual([
    'centre-away: The centre at centre.example was cut off; it has taken nothing since 2026-11-23T14:00:00.000Z.',
  ])
  alarms.answered()
  expect(told.at(-1)).toBeNull()
  expect(log.at(-1)).toBe('The centre at centre.example takes records again.')
  minutes(30, 3)
  expect(told.length).toBe(2)
})

test('a site that has nothing to ship raises no alarm while its link holds, and one over a link that is down', () => {
  const { alarms, told, minutes } = stage()
  minutes(1_000, 0)
  expect(told).toEqual([])
  alarms.lost('was cut off', false)
  minutes(61, 0)
  expect(told.length).toBeGreaterThan(0)
})

test('a refusal is told at once, and two logs that contradict each other until they do not', () => {
  const { alarms, told } = stage()
  alarms.lost('does not know this token', true)
  expect(told[0]).toMatch(/^centre-away: The centre at centre.example does not know this token; it has taken/)
  alarms.contradicted('another record 7')
  alarms.contradicted('another record 7')
  alarms.contradicted(null)
  alarms.contradicted(null)
  expect(told.slice(1)).toEqual(['centre-other: another record 7', null])
})
