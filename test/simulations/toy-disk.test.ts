import { expect, test } from 'vitest'
import { toyJournal } from '../../simulations/toy-journal.ts'

test('a process that is killed while its disk refuses writes is dead, and nothing of it is written later', async () => {
  const journal = toyJournal('toy', () => 0)
  journal.failing = true
  journal.dies = { atAppend: 1, durable: true }
  void journal.append([])
  expect(journal.dead).toBe(true)
  expect(journal.records).toEqual([])
})
