import { expect, test } from 'vitest'
import { restartsReads } from '../../actors/read-restarts.ts'

test('votes begin anew when a visit ends, and when a plug came in after the cable was out', () => {
  expect(restartsReads({ bayId: 'bay-1', rule: 'leftSeen', decisions: [{ type: 'VisitEnded' }] })).toBe(true)
  expect(restartsReads({ bayId: 'bay-1', rule: 'replugged', decisions: [] })).toBe(true)
  expect(restartsReads({ bayId: 'bay-1', rule: 'stillHere', decisions: [{ type: 'BayUnlocked' }] })).toBe(true)
  expect(restartsReads({ bayId: 'bay-1', rule: 'drawing', decisions: [{ type: 'BayLocked' }] })).toBe(false)
  expect(restartsReads({ bayId: null, rule: null, decisions: [] })).toBe(false)
})
