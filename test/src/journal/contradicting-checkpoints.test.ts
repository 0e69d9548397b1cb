import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { signCheckpoint } from '../../../src/journal/checkpoint.ts'
import { ReceivedCheckpoints } from '../../../src/journal/received-checkpoints.ts'
import { signerOf } from '../../../src/privacy/signing-key.ts'

test('two checkpoints that contradict each other are told whether they come in one call, at once, or thousands apart', async () => {
  const kept: FactRecord[] = []
  const journal = { readStream: async (_stream: string, after = 0) => kept.slice(after, after + 1_000) }
  const received: ReceivedCheckpoints = new ReceivedCheckpoints(
    'depot',
    () => ({
      write: async (entries) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        for (const entry of entries) {
          kept.push({ ...JSON.parse(JSON.stringify(entry)), version: kept.length + 1 } as FactRecord)
          received.hear(kept.at(-1) as FactRecord)
        }
        return []
      },
    }),
    journal,
  )
  const signer = signerOf(Buffer.alloc(32, 1))
  const point = (siteId: string, seq: number, hash: string) =>
    signCheckpoint({ siteId, seq, hash: hash.repeat(64), time: '2026-11-22T10:00:00.000Z' }, signer)
  const anew = expect.stringContaining('written anew')
  expect(await received.take([point('one', 5, 'a'), point('one', 5, 'b')], 'by')).toEqual(anew)
  const thief = signCheckpoint(
    { siteId: 'two', seq: 6, hash: 'a'.repeat(64), time: '2026-11-22T10:00:00.000Z' },
    signerOf(Buffer.alloc(32, 2)),
  )
  expect(await received.take([point('two', 5, 'a'), thief], 'by')).toContain('signed with')
  const atOnce = await Promise.all(['a', 'b'].map((hash) => received.take([point('three', 9, hash)], 'by')))
  expect(atOnce).toEqual([null, anew])
  const many = Array.from({ length: 1_100 }, (_, n) => point('four', n + 1, 'c'))
  expect(await received.take(many, 'by')).toBeNull()
  const records = kept.length
  expect(await received.take([point('four', 1, 'c'), point('four', 1_050, 'c')], 'by')).toBeNull()
  expect(kept, 'what is known is no record, however old').toHaveLength(records)
  expect(await received.take([point('four', 1, 'd')], 'by')).toEqual(anew)
  expect(received.sites().every(({ contradicted }) => contradicted)).toBe(true)
})
