import { expect, test } from 'vitest'
import { foldProof, isShown, NO_PROOF, PROOF_HOURS, type PresenceProof } from '../../machines/presence-proof.ts'
import type { FactRecord } from '../../machines/record.ts'

const record = (hours: number, type: string, ...decisions: string[]): FactRecord =>
  ({
    bayId: 'bay-1',
    at: new Date(hours * 3_600_000).toISOString(),
    cause: { type },
    decisions: decisions.map((one) => ({ type: one })),
  }) as unknown as FactRecord
const LEARNT = {
  bayId: null,
  cause: { type: 'zone.learnt', cameraId: 'cam-1', bayId: 'bay-1' },
} as unknown as FactRecord
const fold = (...records: FactRecord[]): PresenceProof => [LEARNT, ...records].reduce(foldProof, NO_PROOF)

test('hours count from lock to unlock, and an `empty` said meanwhile is false', () => {
  const proof = fold(
    record(0, 'zone.empty'),
    record(1, 'transaction.started', 'BayLocked'),
    record(2, 'zone.empty'),
    record(4, 'transaction.ended', 'BayUnlocked'),
    record(5, 'zone.empty', 'VisitEnded'),
  )
  expect(proof).toEqual({ occupied_ms: 3 * 3_600_000, falseEmpties: 1, running: {}, learnt: ['bay-1'] })
})

test('hours before the empty bay was learnt show nothing: no camera could have said empty', () => {
  const charge = [record(0, 'x', 'BayLocked'), record(PROOF_HOURS + 1, 'x', 'BayUnlocked')]
  expect(isShown(charge.reduce(foldProof, NO_PROOF))).toBe(false)
  expect(isShown([...charge, LEARNT].reduce(foldProof, NO_PROOF))).toBe(false)
  expect(isShown([LEARNT, ...charge].reduce(foldProof, NO_PROOF))).toBe(true)
})

test('it is shown after a thousand occupied hours with at most one false word in each thousand', () => {
  const charge = (from: number, hours: number) => [
    record(from, 'x', 'BayLocked'),
    record(from + hours, 'x', 'BayUnlocked'),
  ]
  expect(isShown(fold(...charge(0, PROOF_HOURS - 1)))).toBe(false)
  expect(isShown(fold(...charge(0, PROOF_HOURS)))).toBe(true)
  const wrong = [
    record(0, 'x', 'BayLocked'),
    record(1, 'zone.empty'),
    record(2, 'zone.empty'),
    record(1500, 'x', 'BayUnlocked'),
  ]
  expect(isShown(fold(...wrong))).toBe(false)
})
