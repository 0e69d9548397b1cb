import { expect, test } from 'vitest'
import { brokenMessages } from '../../../src/cameras/broken-messages.ts'

test('broken messages of one camera are one line a minute, whatever they say and in whatever dialect; all are counted', () => {
  const clock = { at: 0, now: () => clock.at }
  const lines: string[] = []
  const broken = brokenMessages(clock, (line) => void lines.push(line))
  for (let number = 0; number < 8; number += 1) {
    broken.note('cam-1', ['axis', 'rekor', 'milesight'][number % 3] ?? '', `text ${number}`)
    clock.at += 60
  }
  broken.note('cam-2', 'axis', 'another')
  expect(lines).toEqual([
    'Camera cam-1 sent what cannot be read: text 0',
    'Camera cam-2 sent what cannot be read: another',
  ])
  clock.at += 60_000
  broken.note('cam-1', 'axis', 'text 8')
  expect(lines.at(-1)).toBe('Camera cam-1 sent what cannot be read: text 8 (and 7 more since the last line)')
  expect(broken.counts()).toMatchObject({ 'intake_broken{camera="cam-1",dialect="axis"}': 4 })
})
