import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Clock, Entry } from '../../../actors/ports.ts'
import { signCheckpoint } from '../../../src/journal/checkpoint.ts'
import type { CheckpointTarget } from '../../../src/journal/checkpoint-courier.ts'
import { checkpointsBeside, readCheckpoints } from '../../../src/journal/checkpoint-file.ts'
import { Checkpointer, type CheckpointRule } from '../../../src/journal/checkpointer.ts'
import { ReceivedCheckpoints } from '../../../src/journal/received-checkpoints.ts'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { verifyStore } from '../../../src/journal/verification.ts'
import { signerOf } from '../../../src/privacy/signing-key.ts'
import { draftOf, openStore, type Store, scratchFolder } from '../../contracts/journal-drafts.ts'

/** A clock that a test moves; what is due is run. */
function handClock() {
  let now = Date.parse('2026-11-22T10:00:00.000Z')
  let due: { at: number; run: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    after: (delay, run) => {
      const one = { at: now + delay, run }
      due.push(one)
      return () => {
        due = due.filter((other) => other !== one)
      }
    },
  }
  const pass = async (ms: number) => {
    for (const end = now + ms; ; ) {
      const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      now = next?.at ?? end
      if (!next) break
      due = due.filter((one) => one !== next)
      next.run()
    }
    // Files are written beside the loop.
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  return { clock, pass }
}

const RULE: CheckpointRule = { every: 10, minutes: 5, to: [] }

function checkpointerOf(store: Store, clock: Clock, to: readonly CheckpointTarget[] = []) {
  const logged: string[] = []
  const checkpointer = new Checkpointer({
    storePath: store.path,
    siteId: 'depot',
    rule: { ...RULE, to },
    clock,
    head: () => store.journal.head(),
    signer: () => store.keys.signer(),
    log: (line) => logged.push(line),
    forked: (of, says) => logged.push(`${of}: ${says}`),
  })
  checkpointer.begin()
  return { checkpointer, logged }
}

const versions = new WeakMap<Store, number>()
async function write(store: Store, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const version = (versions.get(store) ?? 0) + 1
    versions.set(store, version)
    await store.journal.append([draftOf('bay:bay-1', version)])
  }
}
const seqsOf = (path: string) => readCheckpoints(path).checkpoints.map(({ seq }) => seq)

test('a checkpoint is signed after so many records, so many minutes, and at the end', async () => {
  const store = await openStore(scratchFolder())
  const { clock, pass } = handClock()
  const { checkpointer } = checkpointerOf(store, clock)
  const path = checkpointsBeside(store.path)
  await write(store, 9)
  await pass(2_000)
  expect(seqsOf(path)).toEqual([])
  await write(store, 2)
  await pass(1_000)
  expect(seqsOf(path)).toEqual([11])
  await pass(3_600_000)
  expect(seqsOf(path), 'nothing new, no checkpoint').toEqual([11])
  await write(store, 1)
  await pass(299_000)
  expect(seqsOf(path)).toEqual([11])
  await pass(2_000)
  expect(seqsOf(path)).toEqual([11, 12])
  await write(store, 1)
  await checkpointer.close()
  expect(seqsOf(path)).toEqual([11, 12, 13])
  const key = store.keys.signer().publicKey
  await store.close()
  const { checkpoints } = readCheckpoints(path)
  const trust = { checkpoints, key }
  expect(verifyStore(store.path, undefined, trust)).toMatchObject({
    broken: null,
    signed: { checkpoints: 3, seq: 13, keys: [key] },
  })
})

test('a store whose newest records were deleted, or that was written anew, is found by its checkpoints', async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  const { clock, pass } = handClock()
  const { checkpointer } = checkpointerOf(store, clock)
  await write(store, 10)
  await pass(1_000)
  await write(store, 10)
  await pass(1_000)
  await checkpointer.close()
  await store.close()
  const { checkpoints } = readCheckpoints(checkpointsBeside(store.path))
  const verdict = (path: string) => verifyStore(path, undefined, { checkpoints, key: null }).broken
  openDatabase(store.path, 'DELETE FROM record WHERE seq > 15').close()
  expect(verifyStore(store.path).broken, 'the chain alone does not notice').toBeNull()
  expect(verdict(store.path)).toMatch(
    /^the end is cut off: the checkpoint of .* names record 20, after record 15 comes nothing$/,
  )
  const anew = await openStore(folder, 'anew.db')
  await anew.journal.append([draftOf('bay:bay-1', 1)])
  versions.set(anew, 1)
  await anew.journal.append([draftOf('bay:bay-1', 2, {}, { current_A: 60 })])
  versions.set(anew, 2)
  await write(anew, 20)
  await anew.close()
  expect(verdict(anew.path)).toMatch(
    /^record 10 is not the one that the checkpoint of .*some record up to it was written anew$/,
  )
  expect(verifyStore(anew.path, undefined, { checkpoints, key: 'a'.repeat(64) }).broken).toMatch(
    /signed with another key/,
  )
  const [first] = checkpoints
  const forged = [{ ...first, hash: 'b'.repeat(64) }] as typeof checkpoints
  expect(verifyStore(anew.path, undefined, { checkpoints: forged, key: null }).broken).toMatch(
    /its signature does not hold/,
  )
})

/** A receiver that answers with this status; what came, by request. */
async function receiver(answers: { status: number }) {
  const came: number[][] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      if (answers.status === 200) came.push(JSON.parse(body).checkpoints.map(({ seq }: { seq: number }) => seq))
      expect(request.headers.authorization).toBe('Bearer a secret')
      response.writeHead(answers.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { came, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/checkpoints` }
}

test('receivers get every checkpoint, also of the time when they were away and over a restart; a dead one keeps nobody up', async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  const { clock, pass } = handClock()
  const answers = { status: 503 }
  const { came, url } = await receiver(answers)
  const elsewhere = join(folder, 'elsewhere.jsonl')
  writeFileSync(elsewhere, '{"cut off')
  const to: CheckpointTarget[] = [
    { kind: 'http', url, secret: 'a secret' },
    { kind: 'file', path: elsewhere },
  ]
  const first = checkpointerOf(store, clock, to)
  for (let i = 0; i < 3; i++) {
    await write(store, 10)
    await pass(1_000)
    await expect.poll(() => seqsOf(elsewhere)).toEqual([10, 20, 30].slice(0, i + 1))
  }
  expect(readCheckpoints(elsewhere).unreadable).toEqual([1])
  expect(came).toEqual([])
  expect(first.logged.filter((line) => line.includes(url))).toHaveLength(1)
  expect(first.logged.join()).toContain('it answers 503')
  await first.checkpointer.close()
  answers.status = 200
  const second = checkpointerOf(store, clock, to)
  await expect.poll(() => came).toEqual([[10, 20, 30]])
  await expect
    .poll(() => second.checkpointer.couriers.map(({ behind, delivered }) => [behind, delivered]))
    .toEqual([
      [0, 30],
      [0, 30],
    ])
  await second.checkpointer.close()
  await checkpointerOf(store, clock, to).checkpointer.close()
  expect(came, 'what was taken is not sent again').toEqual([[10, 20, 30]])
  await store.close()
  expect(existsSync(`${store.path}.checkpoints.sent`)).toBe(true)
  expect(seqsOf(elsewhere)).toEqual([10, 20, 30])
})

test('another site’s checkpoints are records here, once each; a contradiction is on record and told', async () => {
  const written: Entry['cause'][] = []
  const decisions: unknown[] = []
  const received: ReceivedCheckpoints = new ReceivedCheckpoints(
    'depot',
    () => ({
      write: async (entries) => {
        for (const entry of entries) {
          written.push(entry.cause)
          decisions.push(...entry.decisions)
          received.hear(JSON.parse(JSON.stringify(entry)))
        }
        return []
      },
    }),
    { readStream: async () => [] },
  )
  const signer = signerOf(Buffer.alloc(32, 1))
  const point = (seq: number, more = {}) =>
    signCheckpoint(
      { siteId: 'north', seq, hash: String(seq % 10).repeat(64), time: '2026-11-22T10:00:00.000Z', ...more },
      signer,
    )
  expect(await received.take([point(10), point(20)], 'north')).toBeNull()
  expect(await received.take([point(20)], 'north')).toBeNull()
  expect(written).toHaveLength(1)
  expect(received.sites()).toMatchObject([{ siteId: 'north', seq: 20, key: signer.publicKey, contradicted: false }])
  await expect(received.take([{ ...point(30), seq: 31 }], 'north')).rejects.toMatchObject({ code: 'BODY_INVALID' })
  await expect(received.take([point(30, { siteId: 'depot' })], 'north')).rejects.toThrow('this very site')
  expect(await received.take([point(20, { hash: 'f'.repeat(64) })], 'north')).toContain('its journal was written anew')
  expect(decisions).toMatchObject([{ type: 'CheckpointContradicted' }])
  expect(received.sites()[0]).toMatchObject({ contradicted: true, seq: 20 })
  const thief = signerOf(Buffer.alloc(32, 2))
  const { siteId, hash, time } = point(40)
  expect(await received.take([signCheckpoint({ siteId, seq: 40, hash, time }, thief)], 'north')).toContain(
    'signed with',
  )
})

test('the key that signs is the key store’s own, and stays', async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  const key = store.keys.signer().publicKey
  await store.close()
  const again = await openStore(folder)
  expect(again.keys.signer().publicKey).toBe(key)
  await again.close()
  expect(readFileSync(`${store.path}.keys`).includes(Buffer.from(key, 'hex'))).toBe(false)
})
