import { expect, test } from 'vitest'
import { AppendPace } from '../../../src/journal/append-pace.ts'

test('a slow store is told once, anew when it is twice as slow, and when it is quick again; one slow append is nobody’s news', () => {
  const told: (number | null)[] = []
  const pace = new AppendPace((median_ms) => told.push(median_ms))
  const takes = (ms: number, times: number): void => {
    for (let time = 0; time < times; time++) pace.took(ms)
  }
  takes(3, 30)
  takes(5_000, 1)
  takes(3, 5)
  expect(told).toEqual([])
  takes(300, 30)
  expect(told).toEqual([300])
  takes(400, 30)
  takes(240, 30)
  expect(told).toEqual([300])
  takes(700, 30)
  expect(told).toEqual([300, 700])
  takes(2, 30)
  expect(told).toEqual([300, 700, null])
})

test('the first few appends of a process say nothing yet', () => {
  const told: (number | null)[] = []
  const pace = new AppendPace((median_ms) => told.push(median_ms))
  for (let time = 0; time < 4; time++) pace.took(900)
  expect(told).toEqual([])
  pace.took(900)
  expect(told).toEqual([900])
})
