import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/journal/canonical.ts'
import { GENESIS, linkHash, NOBODY_HASH, recordContent, sha256 } from '../../../src/journal/chain.ts'
import { asCheckpoint, isSigned, signCheckpoint } from '../../../src/journal/checkpoint.ts'
import { decrypt, encrypt } from '../../../src/privacy/cipher.ts'
import { signerOf } from '../../../src/privacy/signing-key.ts'

const TOP = join(import.meta.dirname, '../../..')
const vectors = JSON.parse(readFileSync(join(TOP, 'test/golden/journal-vectors.json'), 'utf8')) as {
  readonly canonical: readonly { readonly value: unknown; readonly text: string; readonly sha256: string }[]
  readonly records: readonly Record<string, unknown>[]
  readonly content: string
  readonly sealed: Readonly<Record<'dataKey' | 'siteId' | 'subject' | 'nonce' | 'clear' | 'sealed', string>>
  readonly checkpoint: { readonly seed: string; readonly message: string; readonly checkpoint: Record<string, unknown> }
}

test('values have the canonical texts and hashes of the vectors', () => {
  expect(vectors.canonical.length).toBeGreaterThan(5)
  for (const { value, text, sha256: hash } of vectors.canonical) {
    expect(canonicalJson(value)).toBe(text)
    expect(sha256(text)).toBe(hash)
  }
})

test('the records of the vectors have the hashes that stand in them', () => {
  const { records } = vectors
  expect(records.length).toBe(3)
  let prev = GENESIS
  for (const record of records) {
    expect(record['prev']).toBe(prev)
    expect(sha256(recordContent(record))).toBe(record['contentHash'])
    if (record['personal'] !== null) expect(sha256(canonicalJson(record['personal']))).toBe(record['personalHash'])
    expect(linkHash(prev, String(record['contentHash']), String(record['personalHash']))).toBe(record['hash'])
    prev = String(record['hash'])
  }
  expect(recordContent(records[1] as Record<string, unknown>)).toBe(vectors.content)
  expect(readFileSync(join(TOP, 'docs/journal-format.md'), 'utf8')).toContain(NOBODY_HASH)
})

test('the sealed text of the vectors is what its key, nonce and subject give, and opens again', () => {
  const { dataKey, siteId, subject, nonce, clear, sealed } = vectors.sealed
  const key = createSecretKey(Buffer.from(dataKey, 'hex'))
  const bound = Buffer.from(`${siteId}|${subject}`)
  const bytes = encrypt(key, Buffer.from(nonce, 'hex'), bound, clear)
  expect(bytes.toString('base64')).toBe(sealed)
  expect(decrypt(key, bound, bytes)?.toString()).toBe(clear)
  expect(vectors.records[1]).toMatchObject({ personal: { [subject]: sealed } })
})

test('the checkpoint of the vectors is what its key signs, and no byte of it may change', () => {
  const { seed, message, checkpoint } = vectors.checkpoint
  const { siteId, seq, hash, time } = checkpoint as { siteId: string; seq: number; hash: string; time: string }
  expect(signCheckpoint({ siteId, seq, hash, time }, signerOf(Buffer.from(seed, 'hex')))).toEqual(checkpoint)
  const { signature: _signature, ...said } = checkpoint
  expect(canonicalJson(said)).toBe(message)
  const whole = asCheckpoint(checkpoint)
  expect(whole && isSigned(whole)).toBe(true)
  for (const changed of [{ seq: seq + 1 }, { siteId: 'depot-south' }, { time: '2026-11-22T10:05:00.001Z' }]) {
    const forged = asCheckpoint({ ...checkpoint, ...changed })
    expect(forged && isSigned(forged)).toBe(false)
  }
})
