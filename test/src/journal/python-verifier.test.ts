import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkpointLine, signCheckpoint } from '../../../src/journal/checkpoint.ts'
import { openDatabase } from '../../../src/journal/sqlite-file.ts'
import { verifyExport } from '../../../src/journal/verification.ts'
import { signerOf } from '../../../src/privacy/signing-key.ts'
import { seededRoll } from '../../bench/tamper-yard.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { SEED } from '../../seeded-check.ts'
import { BY, privateSite, startedRoom } from '../privacy/private-room.ts'

const TOP = join(import.meta.dirname, '../../..')
const SCRIPT = join(TOP, 'docs/verify.py')
const GOLDEN = join(TOP, 'test/golden/journal-0.1.0.jsonl')
const vectors = JSON.parse(readFileSync(join(TOP, 'test/golden/journal-vectors.json'), 'utf8'))

const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skipped: the verifier in Python needs python3')

/** Exit code and what was said, of `python3 -B verify.py …`. */
function python(...words: string[]): { readonly status: number | null; readonly says: string } {
  const { status, stdout, stderr } = spawnSync('python3', ['-B', SCRIPT, ...words], { encoding: 'utf8' })
  return { status, says: `${stdout}${stderr}`.trim() }
}

/** A key, and a signer of checkpoints with it. */
const signer = signerOf(Buffer.alloc(32, 7))
const golden = readFileSync(GOLDEN, 'utf8').trimEnd().split('\n')
const linkOf = (seq: number) => {
  const { siteId, hash } = JSON.parse(golden[seq] as string) as { siteId: string; hash: string }
  return { siteId, seq, hash, time: `2026-11-23T02:00:${seq % 60 < 10 ? '0' : ''}${seq % 60}.000Z` }
}

test.runIf(hasPython)(
  'a journal of a released version holds, for berth and for the script',
  () => {
    expect(verifyExport(GOLDEN)).toMatchObject({ broken: null, records: 145, siteId: 'demo' })
    expect(python(GOLDEN)).toEqual({ status: 0, says: '145 records hold' })
  },
  180_000,
)

test.runIf(hasPython)(
  'the script writes the canonical texts of the vectors and knows signatures',
  () => {
    const check = [
      'import json, sys, verify',
      'vectors = json.load(open(sys.argv[1], encoding="utf-8"))',
      'for one in vectors["canonical"]:',
      '    assert verify.canonical(verify.parse(one["text"].encode())) == one["text"], one',
      '    assert verify.sha256(one["text"]) == one["sha256"], one',
      'point = vectors["checkpoint"]["checkpoint"]; sign = bytes.fromhex(point["signature"])',
      'key = bytes.fromhex(point["key"]); message = vectors["checkpoint"]["message"].encode()',
      'assert verify.signed(key, message, sign)',
      'for at in range(64):',
      '    assert not verify.signed(key, message, sign[:at] + bytes([sign[at] ^ 1]) + sign[at + 1:])',
      'assert not verify.signed(key, message + b" ", sign) and not verify.signed(sign[:32], message, sign)',
      'print("agreed")',
    ].join('\n')
    const { stdout, stderr } = spawnSync(
      'python3',
      ['-B', '-c', check, join(TOP, 'test/golden/journal-vectors.json')],
      {
        encoding: 'utf8',
        env: { ...process.env, PYTHONPATH: join(TOP, 'docs') },
      },
    )
    expect(`${stdout}${stderr}`.trim()).toBe('agreed')
    expect(vectors.canonical.length).toBeGreaterThan(5)
  },
  180_000,
)

test.runIf(hasPython)(
  'one byte changed anywhere is named by the script at the line at which berth names it',
  () => {
    const file = join(scratchFolder(), 'changed.jsonl')
    const whole = readFileSync(GOLDEN)
    console.log(`python-verifier: BERTH_SEED=${SEED}`)
    const chance = seededRoll(SEED)
    const roll = (below: number) => Math.floor(chance() * below)
    for (let i = 0; i < 12; i++) {
      const bytes = Buffer.from(whole)
      const place = whole.indexOf(10) + 1 + roll(whole.length - whole.indexOf(10) - 2)
      bytes[place] = (bytes[place] as number) ^ (1 << roll(8))
      writeFileSync(file, bytes)
      const line = /^line \d+: /.exec(verifyExport(file).broken ?? '')?.[0]
      expect(line, `byte ${place}`).toBeTruthy()
      expect(python(file), `byte ${place}`).toEqual({ status: 1, says: expect.stringContaining(line as string) })
    }
  },
  180_000,
)

test.runIf(hasPython)(
  'a name that stands twice, a member that hides and a last line feed that became a space are refused by both',
  () => {
    const file = join(scratchFolder(), 'forged.jsonl')
    const line = golden[20] as string
    const forged = (changed: string, end = '\n') => {
      writeFileSync(file, `${golden.with(20, changed).join('\n')}${end}`)
      return [verifyExport(file).broken ?? 'holds', python(file).says]
    }
    const both = (says: RegExp) => [expect.stringMatching(says), expect.stringMatching(says)]
    const notJson = /^line 21: this is not JSON/
    expect(forged(line)).toEqual(['holds', '145 records hold'])
    expect(forged(`{"state":"charging-locked",${line.slice(1)}`)).toEqual(both(notJson))
    expect(forged(`{"cause":{"type":"operator.commanded"},"\\u0061t":"never",${line.slice(1)}`)).toEqual(both(notJson))
    expect(forged(line.replace('"type":', '"type":"forged","type":'))).toEqual(both(notJson))
    expect(forged(`{"__proto__":{"forged":true},${line.slice(1)}`)).toEqual(
      both(/^line 21: record 20: its content was altered/),
    )
    expect(forged(`${line} `)).toEqual(both(notJson))
    expect(forged(line, ' ')).toEqual(both(/^line 146: this is not JSON/))
  },
  180_000,
)

test.runIf(hasPython)(
  'with checkpoints the script finds a cut tail, a rewritten journal, another key and another site',
  () => {
    const folder = scratchFolder()
    const kept = join(folder, 'kept.jsonl')
    const points = [50, 100, 145].map((seq) => signCheckpoint(linkOf(seq), signer))
    writeFileSync(kept, `${points.map(checkpointLine).join('\n')}\n`)
    const with_ = (file: string, ...more: string[]) => python(file, '--checkpoints', kept, ...more)
    expect(with_(GOLDEN, '--key', signer.publicKey)).toEqual({
      status: 0,
      says: `145 records hold, 3 checkpoints signed by ${signer.publicKey}`,
    })
    expect(with_(GOLDEN, '--key', '0'.repeat(64)).says).toMatch(/signed with another key/)
    const cut = join(folder, 'cut.jsonl')
    writeFileSync(cut, `${golden.slice(1, 131).join('\n')}\n`)
    expect(python(cut).status).toBe(0)
    expect(with_(cut)).toEqual({ status: 1, says: expect.stringMatching(/^the end is cut off: .* names record 145/) })
    const inside = join(folder, 'inside.jsonl')
    writeFileSync(inside, `${[golden[0], ...points.map(checkpointLine), ...golden.slice(1)].join('\n')}\n`)
    expect(python(inside).says).toBe(`145 records hold, 3 checkpoints signed by ${signer.publicKey}`)
    expect(verifyExport(inside)).toMatchObject({ broken: null, signed: { checkpoints: 3, seq: 145 } })
    writeFileSync(kept, `${checkpointLine(signCheckpoint({ ...linkOf(100), hash: 'a'.repeat(64) }, signer))}\n`)
    expect(with_(GOLDEN).says).toMatch(/^record 100 is not the one that the checkpoint of .* was signed for$/)
    writeFileSync(kept, `${checkpointLine(signCheckpoint({ ...linkOf(100), siteId: 'other' }, signer))}\n`)
    expect(with_(GOLDEN).says).toMatch(/is of the site other, the records of demo$/)
  },
  180_000,
)

test.runIf(hasPython)(
  'the script reads a store itself, beside its owner too: it holds, and one byte changed, a cut tail and a moved row are named',
  async () => {
    const room = await startedRoom(await privateSite())
    for (let one = 0; one < 20; one++)
      await room.register.putVehicle(`AB${10 + one}CDE`, { accountId: `acc-${one}` }, BY)
    const { path } = room.file.store
    const { seq } = room.journal.head()
    const about = (await room.journal.readStream('register')).findLast(
      ({ personal }) => '$salt' in (personal ?? {}),
    )?.seq
    expect(python(path)).toEqual({ status: 0, says: `${seq} records hold` })
    await room.close()
    const clean = readFileSync(path)
    /** The store with something done to it. */
    const changed = (sql: string) => {
      writeFileSync(path, clean)
      const database = openDatabase(path, '')
      database.exec(sql)
      database.close()
      return python(path)
    }
    const broken = (says: string) => ({ status: 1, says })
    expect(
      changed("UPDATE record SET content = replace(content, 'acc-3\"', 'acc-4\"') WHERE content LIKE '%acc-3\"%'").says,
    ).toMatch(/^record \d+: its content was altered$/)
    expect(
      changed(`UPDATE record SET personal = replace(personal, '"$salt":"', '"$salt":"A') WHERE seq = ${about}`).says,
    ).toMatch(/^record \d+: its personal fields were altered$/)
    expect(changed('DELETE FROM record WHERE seq = 7')).toEqual(broken('record 7 is missing or out of place'))
    expect(changed('DELETE FROM record WHERE seq < 7')).toEqual(
      broken('its first record is 7, and record 1 comes next: what came before was deleted'),
    )
    const shelf =
      'archived_segment (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, file TEXT NOT NULL, hash TEXT NOT NULL)'
    const claims = "INSERT INTO archived_segment SELECT 1, seq, 'away.jsonl.gz', hash FROM record WHERE seq = 6"
    expect(
      changed(`CREATE TABLE IF NOT EXISTS ${shelf}; ${claims}; DELETE FROM record WHERE seq < 7`),
      'a beginning that is said to be archived must be given',
    ).toEqual(broken('the records up to 6 are archived: name the segments before it'))
    expect(changed("UPDATE record SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 5").says).toMatch(
      /^record 5: the column at says 2020-01-01T00:00:00.000Z, the record /,
    )
    expect(changed('UPDATE record SET personal = NULL WHERE seq = 9').status, 'erased fields').toBe(0)

    writeFileSync(path, clean)
    const link = { siteId: room.file.site.id, seq, hash: room.journal.head().hash, time: '2026-11-23T02:00:00.000Z' }
    writeFileSync(`${path}.checkpoints.jsonl`, `${checkpointLine(signCheckpoint(link, signer))}\n`)
    expect(python(path, '--key', signer.publicKey)).toMatchObject({ status: 0 })
    expect(changed(`DELETE FROM record WHERE seq > ${seq - 2}`).says).toMatch(/^the end is cut off: the checkpoint of /)
    writeFileSync(path, Buffer.concat([clean.subarray(0, 4096), Buffer.alloc(clean.length - 4096)]))
    expect(python(path)).toMatchObject({ status: 1, says: expect.stringContaining('the store cannot be read') })
  },
  180_000,
)
