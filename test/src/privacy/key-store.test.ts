import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toyKeys } from '../../../simulations/toy-keys.ts'
import { systemChance } from '../../../src/chance.ts'
import { openMemoryJournal } from '../../../src/journal/memory.ts'
import { openDatabaseReadOnly } from '../../../src/journal/sqlite-file.ts'
import { verifyStore } from '../../../src/journal/verification.ts'
import { type KeyStore, openKeyStore, openKeyStoreReadOnly, openMemoryKeys } from '../../../src/privacy/key-store.ts'
import { codeOf, draftOf, openStore, scratchFolder, seededChance, stillClock } from '../../contracts/journal-drafts.ts'
import { keysContract } from './keys-contract.ts'

const env = (key?: string) => (key === undefined ? {} : { BERTH_MASTER_KEY: key })

function open(folder: string, key?: string, siteId = 'depot'): KeyStore {
  return openKeyStore({ path: join(folder, 'keys'), siteId, clock: stillClock(), chance: systemChance, env: env(key) })
}

keysContract('sqlite', () => {
  const keys = open(scratchFolder())
  onTestFinished(() => keys.close())
  return keys
})
keysContract('memory', () => openMemoryKeys({ siteId: 'depot', clock: stillClock(), chance: seededChance(1) }))
keysContract('toy', toyKeys)

test('handles are durable with the append that names them, tokens at once', async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  const kept = store.keys.vehicle('AB12CDE')
  const card = store.keys.card('04A1B2C3')
  await store.journal.append([draftOf('site', 1, { [kept]: { plate: 'AB12CDE' } })])
  store.keys.vehicle('NEVER1')
  const token = store.keys.startToken('start-1', 'visit-1', 16)
  // Not closed: what is not on disk now is lost with this process.
  const late = openKeyStoreReadOnly({
    path: `${store.path}.keys`,
    siteId: 'depot',
    clock: stillClock(),
    chance: systemChance,
    env: {},
  })
  expect(late.findVehicle('AB12CDE')).toBe(kept)
  expect(late.findCard('04A1B2C3')).toBe(card)
  expect(late.tokenOf('start-1')).toBe(token)
  late.close()
  await store.close()
  const again = await openStore(folder)
  const [record] = await again.journal.readSite()
  expect(again.journal.open(record as NonNullable<typeof record>)).toEqual({ [kept]: { plate: 'AB12CDE' } })
  expect(again.keys.findVehicle('AB12CDE')).toBe(kept)
  expect(again.keys.findStart(token)).toEqual({ startId: 'start-1', visitId: 'visit-1' })
  await again.close()
})

test('nothing personal, no token and no key stands in clear in any file, open or closed', async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  const handle = store.keys.vehicle('QX77ZZT')
  const card = store.keys.card('04DEADFEED0815')
  const token = store.keys.startToken('start-1', 'visit-1', 16)
  await store.journal.append([
    draftOf('site', 1, {
      [handle]: { plate: 'QX77ZZT', note: 'Lieselotte' },
      [card]: { idToken: '04DEADFEED0815', token },
    }),
  ])
  const secrets = ['QX77ZZT', 'Lieselotte', '04DEADFEED0815', token].flatMap((text) => [
    text,
    Buffer.from(text).toString('base64').slice(0, -3),
    Buffer.from(text).toString('hex'),
  ])
  const master = readFileSync(`${store.path}.keys.master`, 'utf8').trim()
  const look = () => {
    const files = readdirSync(folder).filter((name) => !name.endsWith('.master'))
    for (const name of files) {
      const bytes = readFileSync(join(folder, name))
      for (const secret of [...secrets, master, Buffer.from(master, 'hex')])
        expect(bytes.includes(secret), `${name} holds ${String(secret)}`).toBe(false)
    }
    return files
  }
  expect(look()).toEqual(expect.arrayContaining(['site.db', 'site.db-wal', 'site.db.keys', 'site.db.keys-wal']))
  await store.close()
  expect(look()).toEqual(expect.arrayContaining(['site.db', 'site.db.keys']))
})

test('a destroyed subject cannot be opened, its key is in no file, the others open, and the chain holds', async () => {
  const folder = scratchFolder()
  const store = await openStore(folder)
  const gone = store.keys.vehicle('AB12CDE')
  const stays = store.keys.vehicle('XY99ZZZ')
  const draft = (version: number) =>
    draftOf('site', version, { [gone]: { plate: 'AB12CDE' }, [stays]: { plate: 'XY99ZZZ' } })
  const [record] = await store.journal.append([draft(1)])
  const sight = openDatabaseReadOnly(`${store.path}.keys`)
  const wrapped = Buffer.from(
    sight.prepare('SELECT wrapped FROM data_key WHERE subject = ?').get(gone)?.['wrapped'] as Uint8Array,
  )
  sight.close()
  const holding = () => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(wrapped))
  expect(holding().length).toBeGreaterThan(0)
  expect(store.keys.destroy(gone)).toBe(true)
  expect(store.keys.destroy(gone)).toBe(false)
  expect(holding()).toEqual([])
  expect(store.journal.open(record as NonNullable<typeof record>)).toEqual({ [stays]: { plate: 'XY99ZZZ' } })
  // What comes late about the erased one is not kept; when its plate is seen again it is somebody new.
  const [late] = await store.journal.append([draft(2)])
  expect(Object.keys(late?.personal ?? {}).sort()).toEqual(['$salt', stays])
  expect(store.keys.findVehicle('AB12CDE')).toBeNull()
  expect(store.keys.vehicle('AB12CDE')).not.toBe(gone)
  await store.close()
  expect(verifyStore(store.path)).toMatchObject({ broken: null, records: 2 })
  const again = await openStore(folder)
  expect(again.journal.open(record as NonNullable<typeof record>)).toEqual({ [stays]: { plate: 'XY99ZZZ' } })
  await again.close()
})

test('sealed fields open for their own subject only, and altered ones not at all', () => {
  const keys = openMemoryKeys({ siteId: 'depot', clock: stillClock(), chance: seededChance(1) })
  const sealed = keys.seal('veh-1', { plate: 'AB12CDE' }) as string
  keys.seal('veh-2', {})
  expect(keys.open('veh-1', sealed)).toEqual({ plate: 'AB12CDE' })
  expect(keys.open('veh-3', sealed)).toBeUndefined()
  expect(() => keys.open('veh-2', sealed)).toThrow('Sealed fields of veh-2 were altered')
  expect(() => keys.open('veh-1', Buffer.from('short').toString('base64'))).toThrow('altered')
  expect(keys.seal('veh-1', { plate: 'AB12CDE' })).not.toBe(sealed)
})

test('without a variable the master key is made once, for the owner’s eyes only', () => {
  const folder = scratchFolder()
  open(folder).close()
  const file = join(folder, 'keys.master')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(/^[0-9a-f]{64}\n$/)
  open(folder).close()
  expect(readFileSync(file, 'utf8')).toBe(text)
  // The same key from the environment, in either form, opens the store too.
  open(folder, text.trim()).close()
  open(folder, Buffer.from(text.trim(), 'hex').toString('base64')).close()
})

test('a missing, malformed or wrong master key and another site’s store are refused in a sentence that says which', async () => {
  const folder = scratchFolder()
  const key = '11'.repeat(32)
  open(folder, key).close()
  const says = (sentence: RegExp, work: () => KeyStore) => {
    expect(work).toThrow(sentence)
    return codeOf(work).then((code) => expect(code).toBe('KEY_UNAVAILABLE'))
  }
  await says(/keys\.master is missing/, () => open(folder))
  expect(readdirSync(folder)).not.toContain('keys.master')
  await says(/does not open .*keys/, () => open(folder, '22'.repeat(32)))
  await says(/BERTH_MASTER_KEY is not 32 bytes/, () => open(folder, 'secret'))
  await says(/belongs to the site depot, not to elsewhere/, () => open(folder, key, 'elsewhere'))
  writeFileSync(join(folder, 'keys.master'), 'not a key')
  await says(/keys\.master is not 32 bytes/, () => open(folder))
  open(folder, key).close()
  rmSync(join(folder, 'keys'))
  await says(/There is no key store/, () =>
    openKeyStoreReadOnly({
      path: join(folder, 'keys'),
      siteId: 'depot',
      clock: stillClock(),
      chance: systemChance,
      env: env(key),
    }),
  )
})

test('who only reads the key store can make nothing in it', async () => {
  const folder = scratchFolder()
  open(folder).close()
  const reader = openKeyStoreReadOnly({
    path: join(folder, 'keys'),
    siteId: 'depot',
    clock: stillClock(),
    chance: systemChance,
    env: {},
  })
  expect(reader.findVehicle('AB12CDE')).toBeNull()
  expect(await codeOf(() => reader.startToken('start-1', 'visit-1', 16))).toBe('STORE_UNWRITABLE')
  reader.vehicle('AB12CDE')
  expect(await codeOf(() => reader.flush())).toBe('STORE_UNWRITABLE')
  reader.close()
  chmodSync(folder, 0o700)
})

test('memory keys of one chance make the same handles, tokens and sealed bytes, so the same journal to the byte', async () => {
  const run = async (seed: number) => {
    const keys = openMemoryKeys({ siteId: 'depot', clock: stillClock(), chance: seededChance(seed) })
    const journal = openMemoryJournal({ siteId: 'depot', clock: stillClock(), keys })
    const handle = keys.vehicle('AB12CDE')
    keys.startToken('start-1', 'visit-1', 16)
    await journal.append([draftOf('site', 1, { [handle]: { plate: 'AB12CDE' } })])
    return journal.readSite()
  }
  expect(await run(1)).toEqual(await run(1))
  expect(await run(1)).not.toEqual(await run(2))
})
