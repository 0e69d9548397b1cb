import { expect, test } from 'vitest'
import {
  falseRate,
  foldProof,
  isShown,
  noProof,
  OWN_HOURS,
  PROOF_HOURS,
  type PresenceProof,
} from '../../machines/presence-proof.ts'
import type { FactRecord } from '../../machines/record.ts'

const record = (hours: number, type: string, decision: string | null = null, more: object = {}): FactRecord =>
  ({
    bayId: 'bay-1',
    at: new Date(hours * 3_600_000).toISOString(),
    cause: { type, cameraId: 'cam-1', ...more },
    decisions: decision === null ? [] : [{ type: decision }],
  }) as unknown as FactRecord
const learnt = (cameraId = 'cam-1', bayId = 'bay-1'): FactRecord =>
  ({
    bayId: null,
    at: new Date(0).toISOString(),
    cause: { type: 'zone.learnt', cameraId, bayId },
    decisions: [],
  }) as unknown as FactRecord
const fold = (...records: readonly FactRecord[]): PresenceProof =>
  records.reduce((proof, one) => foldProof(proof, one), noProof())
/** A charge of so many hours before a camera that says who stands there. */
const charge = (from: number, hours: number, word = 'vehicle.seen', more: object = {}) => [
  record(from, word, null, more),
  record(from, 'transaction.started', 'BayLocked'),
  record(from + hours, 'transaction.ended', 'BayUnlocked'),
]
const hours = (proof: PresenceProof): number => proof.pooled.occupied_ms / 3_600_000
const shown = (proof: PresenceProof): boolean => isShown(proof, 'cam-1', 'bay-1')

test('hours count from lock to unlock, and an `empty` said meanwhile is false', () => {
  const proof = fold(
    learnt(),
    record(0, 'zone.empty'),
    record(1, 'vehicle.seen', 'BayLocked'),
    record(3, 'zone.empty'),
    record(4, 'transaction.ended', 'BayUnlocked'),
    record(5, 'zone.empty', 'VisitEnded'),
  )
  expect([hours(proof), proof.pooled.falseEmpties]).toEqual([2, 1])
})

test.each(['zone.unknown', 'camera.lost', 'camera.back', 'site.resumed'])(
  'hours in which no camera could speak show nothing: after %s until it says again that somebody stands there',
  (type) => {
    const proof = fold(
      learnt(),
      record(0, 'vehicle.seen', 'BayLocked'),
      record(2, type),
      record(100, 'vehicle.seen'),
      record(101, 'x', 'BayUnlocked'),
    )
    // What ran when the site stopped is not known to have gone on.
    expect(hours(proof)).toBe(type === 'site.resumed' ? 1 : 3)
  },
)

test('a charge before which the camera never said who stands there shows nothing, however long', () => {
  expect(hours(fold(learnt(), ...charge(0, 2_000, 'camera.back')))).toBe(0)
  expect(hours(fold(learnt(), ...charge(0, 2_000, 'zone.unknown')))).toBe(0)
})

test('a plate read fresh and in its own place says that somebody stands there; an old or an unclear one does not', () => {
  expect(hours(fold(learnt(), ...charge(0, 5, 'plate.seen', { fresh: true, clear: true })))).toBe(5)
  expect(hours(fold(learnt(), ...charge(0, 5, 'plate.seen', { fresh: false, clear: true })))).toBe(0)
  expect(hours(fold(learnt(), ...charge(0, 5, 'plate.lost', { fresh: true, clear: true })))).toBe(0)
})

test('hours before the empty bay was learnt show nothing; a camera that lists vehicles counts once it called the bay empty', () => {
  const long = charge(0, PROOF_HOURS + 1)
  expect(shown(fold(...long))).toBe(false)
  expect(shown(fold(...long, learnt()))).toBe(false)
  expect(shown(fold(learnt(), ...long))).toBe(true)
  expect(shown(fold(record(0, 'zone.empty'), ...long))).toBe(true)
})

test('it is shown after a thousand occupied hours with at most one false word in each thousand', () => {
  expect(shown(fold(learnt(), ...charge(0, PROOF_HOURS - 1)))).toBe(false)
  expect(shown(fold(learnt(), ...charge(0, PROOF_HOURS)))).toBe(true)
  const wrong = (count: number) => [
    record(0, 'vehicle.seen', 'BayLocked'),
    ...Array.from({ length: count }, (_, at) => [record(1 + at, 'zone.empty'), record(1 + at, 'vehicle.seen')]).flat(),
    record(1500, 'x', 'BayUnlocked'),
  ]
  expect(shown(fold(learnt(), ...wrong(1)))).toBe(true)
  expect(shown(fold(learnt(), ...wrong(2)))).toBe(false)
})

test('a bay learnt yesterday is not vouched for by an old one, nor another camera of the same bay', () => {
  const old = [learnt(), ...charge(0, PROOF_HOURS)]
  const other = (more: FactRecord) => ({ ...more, bayId: 'bay-2' }) as FactRecord
  const young = fold(...old, learnt('cam-1', 'bay-2'), ...charge(2_000, OWN_HOURS - 1).map(other))
  expect([isShown(young, 'cam-1', 'bay-1'), isShown(young, 'cam-1', 'bay-2')]).toEqual([true, false])
  expect(isShown(young, 'cam-2', 'bay-1')).toBe(false)
  const grown = charge(3_000, 1)
    .map(other)
    .reduce((proof, one) => foldProof(proof, one), young)
  expect(isShown(grown, 'cam-1', 'bay-2')).toBe(true)
  // One false word of its own weighs on it until it has a thousand hours of its own.
  const lied = [record(4_000, 'vehicle.seen', 'BayLocked'), record(4_001, 'zone.empty')].map(other)
  expect(isShown(fold(...old, ...charge(2_000, 900).map(other), ...lied), 'cam-1', 'bay-2')).toBe(false)
})

test('a bay that is learnt anew, or whose zone is drawn anew, must show its own share again', () => {
  const all = [learnt(), learnt('cam-1', 'bay-2'), ...charge(0, 40)]
  const site = charge(100, PROOF_HOURS).map((one) => ({ ...one, bayId: 'bay-2' }) as FactRecord)
  expect(shown(fold(...all, ...site))).toBe(true)
  expect(shown(fold(...all, ...site, learnt()))).toBe(false)
  expect(shown(fold(...all, ...site, record(2_000, 'zones.published')))).toBe(false)
})

test('what the counted hours leave open is told with them: none in a thousand is below 3.83 in a thousand', () => {
  const of = (hours_: number, falseEmpties: number) => falseRate({ occupied_ms: hours_ * 3_600_000, falseEmpties })
  expect(of(1_000, 0)).toEqual({ low: 0, high: 3.827 })
  expect(of(0, 0)).toEqual({ low: 0, high: 1_000 })
  expect(of(2_000, 2)).toMatchObject({ low: expect.closeTo(0.27, 1), high: expect.closeTo(3.64, 1) })
})
