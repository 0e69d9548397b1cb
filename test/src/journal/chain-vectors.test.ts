import { execFileSync, spawnSync } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src/journal/canonical.ts'
import { GENESIS, linkHash, NOBODY_HASH, recordContent, sha256 } from '../../../src/journal/chain.ts'
import { verifyExport } from '../../../src/journal/verification.ts'
import { decrypt, encrypt } from '../../../src/privacy/cipher.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/journal-format.md'), 'utf8')

/** The text of the page's first fenced block of a language. */
function block(language: string): string {
  const text = page.split(`\n\`\`\`${language}\n`)[1]?.split('\n```')[0]
  if (text === undefined) throw new Error(`the page has no block of ${language}`)
  return text
}

const records = block('json-lines')
  .split('\n')
  .map((line) => JSON.parse(line) as Record<string, unknown>)

test('the records on the page have the hashes on the page', () => {
  expect(records.length).toBe(3)
  let prev = GENESIS
  for (const record of records) {
    expect(record['prev']).toBe(prev)
    expect(sha256(recordContent(record))).toBe(record['contentHash'])
    if (record['personal'] !== null) expect(sha256(canonicalJson(record['personal']))).toBe(record['personalHash'])
    expect(linkHash(prev, String(record['contentHash']), String(record['personalHash']))).toBe(record['hash'])
    prev = String(record['hash'])
  }
  expect(recordContent(records[1] as Record<string, unknown>)).toBe(block('text'))
  expect(page).toContain(NOBODY_HASH)
})

test('the sealed text on the page is what its key, nonce and subject give, and opens again', () => {
  const vector = JSON.parse(block('json')) as Record<string, string>
  const key = createSecretKey(Buffer.from(vector['dataKey'] as string, 'hex'))
  const bound = Buffer.from(`${vector['siteId']}|${vector['subject']}`)
  const sealed = encrypt(key, Buffer.from(vector['nonce'] as string, 'hex'), bound, vector['clear'] as string)
  expect(sealed.toString('base64')).toBe(vector['sealed'])
  expect(decrypt(key, bound, sealed)?.toString()).toBe(vector['clear'])
  expect(records[1]).toMatchObject({ personal: { [vector['subject'] as string]: vector['sealed'] } })
})

test('the script on the page agrees with berth, on whole and on altered files', (context) => {
  if (spawnSync('python3', ['--version']).status !== 0) {
    console.log('skipped: the script on the page of the journal’s form needs python3')
    return context.skip()
  }
  const folder = scratchFolder()
  const script = join(folder, 'verify.py')
  const file = join(folder, 'vectors.jsonl')
  writeFileSync(script, block('python'))
  writeFileSync(file, block('json-lines'))
  expect(verifyExport(file)).toMatchObject({ broken: null, records: 3, erased: 1 })
  expect(execFileSync('python3', [script, file], { encoding: 'utf8' })).toBe('3 records hold\n')
  writeFileSync(file, block('json-lines').replace('6.1', '6.2'))
  expect(verifyExport(file).broken).toMatch(/^line 3: record 3: its content was altered/)
  expect(spawnSync('python3', [script, file], { encoding: 'utf8' })).toMatchObject({
    status: 1,
    stderr: 'line 3: record 3: content does not hold\n',
  })
})
