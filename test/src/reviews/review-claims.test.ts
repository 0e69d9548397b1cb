import { expect, test } from 'vitest'
import { CLAIM_ms, ReviewClaims } from '../../../src/reviews/review-claims.ts'

function claims() {
  const clock = { at: 0, now: () => clock.at, after: () => () => {} }
  const all = new ReviewClaims(clock, () => {})
  const who = (seat: string | null, by = 'Ada') => ({ by, seat })
  return { clock, all, who }
}

test('a script of the same name that claims without a screen takes the review from no screen, and no other screen gets it', () => {
  const { all, who } = claims()
  all.take('r-1', who('left'))
  expect(all.take('r-1', who(null))).toMatchObject({ by: 'Ada', seat: 'left' })
  expect(all.take('r-1', who('right'))).toMatchObject({ seat: 'left' })
  expect([all.admits('r-1', who('right')), all.admits('r-1', who('left')), all.admits('r-1', who(null))]).toEqual([
    false,
    true,
    true,
  ])
})

test('a claim without a screen is free for a screen of the same name, and for nobody else’s; a claim that ran out for everybody', () => {
  const { all, who, clock } = claims()
  all.take('r-1', who(null))
  expect(all.take('r-1', who('left', 'Ben'))).toMatchObject({ by: 'Ada', seat: null })
  expect(all.take('r-1', who('left'))).toMatchObject({ by: 'Ada', seat: 'left' })
  clock.at += CLAIM_ms
  expect(all.take('r-1', who('left', 'Ben'))).toMatchObject({ by: 'Ben', seat: 'left' })
})
