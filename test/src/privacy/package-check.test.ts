import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verify } from '../../../src/commands/verify.ts'
import { signPackage } from '../../../src/privacy/package-signature.ts'
import { signerOf } from '../../../src/privacy/signing-key.ts'
import { seededRoll } from '../../bench/tamper-yard.ts'
import { scratchFolder } from '../../contracts/journal-drafts.ts'
import { SEED } from '../../seeded-check.ts'
import { runCommand } from '../journal/run-command.ts'
import { arrives, BY, privateSite, startedRoom } from './private-room.ts'

const SCRIPT = join(import.meta.dirname, '../../../docs/verify.py')
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skipped: packages are not checked with verify.py: it needs python3')

/** What `berth verify FILE …` says, and beside it `python3 verify.py FILE …` where that is there. */
async function both(...words: string[]): Promise<readonly { readonly code: number | null; readonly says: string }[]> {
  const { code, out, err } = await runCommand(verify, ...words)
  const { status, stdout, stderr } = spawnSync('python3', ['-B', SCRIPT, ...words], { encoding: 'utf8' })
  const own = { code, says: out + err }
  return hasPython ? [own, { code: status, says: stdout + stderr }] : [own]
}

/** A package of a real site, as `berth subject` writes it. */
async function handed(): Promise<{ readonly path: string; readonly text: string; readonly key: string }> {
  const room = await startedRoom(await privateSite())
  await room.register.putVehicle('AB12CDE', { accountId: 'acc-1', fleet: 'Nächte <1>' }, BY)
  await arrives(room, 'AB12CDE')
  const { content, signature } = await room.desk.privacy.subject(
    { plate: 'AB12CDE', account: 'acc-1', verifiedBy: 'Anna Auditor' },
    BY,
  )
  const path = join(scratchFolder(), 'subject.json')
  const text = `${JSON.stringify({ content, signature }, null, 2)}\n`
  writeFileSync(path, text)
  return { path, text, key: signature.publicKey }
}

test('what a person was handed is checked by berth and by the script: as it was signed, with whose key, and any byte changed', async () => {
  const { path, text, key } = await handed()
  for (const told of await both(path))
    expect(told).toMatchObject({ code: 0, says: expect.stringContaining(`is as it was signed with ${key}`) })
  for (const told of await both(path, '--key', key)) expect(told.code).toBe(0)
  for (const told of await both(path, '--key', 'f'.repeat(64)))
    expect(told).toMatchObject({ code: 1, says: expect.stringContaining('--key says another key') })

  console.log(`package-check: BERTH_SEED=${SEED}`)
  const chance = seededRoll(SEED)
  const whole = readFileSync(path)
  // White space between members is nobody's word.
  const places = [...text.matchAll(/[^\s]/g)].map(({ index }) => Buffer.byteLength(text.slice(0, index)))
  const changes = Array.from({ length: 40 }, () => {
    return [places[Math.floor(chance() * places.length)] as number, 1 << Math.floor(chance() * 8)] as const
  })
  for (const [place, bit] of changes) {
    const bytes = Buffer.from(whole)
    bytes[place] = (bytes[place] as number) ^ bit
    writeFileSync(path, bytes)
    expect((await runCommand(verify, path)).code, `byte ${place}, bit ${bit}`).toBe(1)
  }
  if (!hasPython) return
  writeFileSync(path, whole)
  const each = [
    'import json, sys, verify',
    'path, whole = sys.argv[1], open(sys.argv[1], "rb").read()',
    'for place, bit in json.loads(sys.argv[2]):',
    '    open(path, "wb").write(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1:])',
    '    try: print("taken", place, bit, verify.verify([path]))',
    '    except verify.Broken: pass',
  ].join('\n')
  const env = { ...process.env, PYTHONPATH: join(SCRIPT, '..') }
  const { stdout, stderr } = spawnSync('python3', ['-B', '-c', each, path, JSON.stringify(changes)], {
    encoding: 'utf8',
    env,
  })
  expect(stdout + stderr).toBe('')
}, 180_000)

test('a package signed with a key of somebody’s own, a name that stands twice, and a signature that is not whole are told', async () => {
  const { path, text } = await handed()
  const says = async (changed: string) => {
    writeFileSync(path, changed)
    return (await both(path)).map((told) => [told.code, told.says])
  }
  const broken = (words: string) => (hasPython ? [1, 2] : [1]).map(() => [1, expect.stringContaining(words)])
  const twice = text.replace('"objects": false', '"objects": true, "objects": false')
  expect(await says(twice)).toEqual(broken('this is not JSON'))
  expect(await says(text.replace('==",', '",').replace(/=="\n/, '"\n'))).toEqual(broken('its signature is not whole'))
  const { content } = JSON.parse(text)
  const forged = { ...content, objects: true }
  const own = signerOf(Buffer.alloc(32, 9))
  const signed = JSON.stringify({ content: forged, signature: signPackage(own, forged) })
  const told = await says(signed)
  for (const [code, words] of told) expect([code, String(words).includes(own.publicKey)]).toEqual([0, true])
  expect(told[0]?.[1]).toContain('compare that key with the site’s')
}, 180_000)

test.runIf(hasPython)('the script says in one sentence which file is not there, and what a key looks like', () => {
  const run = (...words: string[]) => spawnSync('python3', ['-B', SCRIPT, ...words], { encoding: 'utf8' })
  expect(run('nowhere.jsonl')).toMatchObject({ status: 1, stderr: 'there is no file nowhere.jsonl; check the path.\n' })
  expect(run(SCRIPT, '--key', 'xyz')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^--key takes 64 hexa/),
  })
})
