import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verify } from '../../../src/commands/verify.ts'
import { checkpointLine, signCheckpoint } from '../../../src/journal/checkpoint.ts'
import { signerOf } from '../../../src/privacy/signing-key.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { runCommand } from './run-command.ts'

const GOLDEN = join(import.meta.dirname, '../../golden/journal-0.1.0.jsonl')
const golden = readFileSync(GOLDEN, 'utf8').trimEnd().split('\n')
const signer = signerOf(Buffer.alloc(32, 7))
const pointAt = (seq: number, more: { hash?: string; siteId?: string } = {}) => {
  const { siteId, hash } = JSON.parse(golden[seq] as string) as { siteId: string; hash: string }
  return signCheckpoint({ siteId, seq, hash, time: '2026-11-23T02:00:00.000Z', ...more }, signer)
}

test('one sentence says what holds, what does not, and what to do, and never that a record holds which was not shown to', async () => {
  const kept = join(scratchFolder(), 'kept.jsonl')
  const says = async (points: readonly string[], ...more: string[]) => {
    writeFileSync(kept, `${points.join('\n')}\n`)
    const { code, err } = await runCommand(verify, GOLDEN, '--checkpoints', kept, ...more)
    expect(code).toBe(1)
    return err
  }
  const line = (...about: Parameters<typeof pointAt>) => checkpointLine(pointAt(...about))
  const other = { hash: 'a'.repeat(64) }
  expect(await says([line(50), line(142, other)])).toMatch(
    /record 142 is not the one that .* a record after 50 was written anew\. Records 1 to 50 hold as they were signed; what comes after only follows on itself\. Restore from a copy/,
  )
  expect(await says([line(142, other)])).toMatch(
    /some record up to it was written anew\. No record is shown to be the one that was signed; what comes after only/,
  )
  const strange = await says([line(142)], '--key', '0'.repeat(64))
  expect(strange).toMatch(
    /is signed with another key, \w{64}\. Records 1 to 142 follow on one another, .* Compare --key/,
  )
  expect(strange).not.toMatch(/hold|Restore/)
  expect(
    await says([
      line(142)
        .replace(/.(?="\}?,"siteId)/, '0')
        .replace('02:00', '03:00'),
    ]),
  ).toMatch(
    /was altered: its signature does not hold\. Records 1 to 142 follow .* Take that checkpoint from another copy/,
  )
  expect(await says([line(142, { siteId: 'other' })])).toMatch(
    /of the site other, .* Name the checkpoints of this site\./,
  )
  const ahead = checkpointLine(
    signCheckpoint({ siteId: 'demo', seq: 200, hash: 'b'.repeat(64), time: '2026-11-23T02:00:00.000Z' }, signer),
  )
  expect(await says([line(100), ahead])).toMatch(
    /names record 200, .* Records 1 to 145 hold\. Bring back what came after/,
  )
})
