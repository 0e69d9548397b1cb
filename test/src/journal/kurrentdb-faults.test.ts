import { cpSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { linkStream, ownerStream, siteStream } from '../../../src/journal/kurrent-event.ts'
import { KurrentLine } from '../../../src/journal/kurrent-line.ts'
import { openKurrentJournalReadOnly } from '../../../src/journal/kurrent-reader.ts'
import { codeOf, draftOf, scratchFolder } from '../../contracts/journal-drafts.ts'
import type { AppendTrouble, KurrentDouble } from '../../contracts/kurrent-double.ts'
import { type KurrentStore, openKurrentStore, SHORT, testDouble } from '../../contracts/kurrent-store.ts'

const LOG = siteStream('depot')

async function opened({
  withBatch = true,
} = {}): Promise<{ double: KurrentDouble; store: KurrentStore; folder: string }> {
  const double = await testDouble({ withBatch })
  const folder = scratchFolder()
  return { double, store: await openKurrentStore(double.url, folder), folder }
}

const trouble = (is: AppendTrouble['is'], stream = LOG): AppendTrouble => ({ stream, is })
const inLog = (double: KurrentDouble): number => double.shelf.read(LOG)?.length ?? 0

async function until(reached: () => boolean): Promise<void> {
  for (let i = 0; i < 6_000 && !reached(); i++) await new Promise((go) => setTimeout(go, 10))
  expect(reached()).toBe(true)
}

for (const withBatch of [true, false]) {
  const way = withBatch ? 'BatchAppend' : 'Append'

  for (const is of ['cut-after', 'silent-after', 'cut-before', 'silent-before', 'wrong-version'] as const)
    test(`${way}, ${is}: the batch is written once, answered as written, and the next one follows it`, async () => {
      const { double, store } = await opened({ withBatch })
      await store.journal.append([draftOf('site', 1)])
      double.troubles = [trouble(is)]
      const records = await store.journal.append([draftOf('site', 2), draftOf('bay:bay-1', 1)])
      expect(records.map(({ seq }) => seq)).toEqual([2, 3])
      await store.journal.append([draftOf('site', 3)])
      expect(inLog(double)).toBe(4)
      expect((await store.journal.readSite()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
      await store.close()
    })

  test(`${way}: a server that goes away is a clear fault, and appends go on when it is back`, async () => {
    const { double, store } = await opened({ withBatch })
    await store.journal.append([draftOf('site', 1)])
    await double.goAway()
    const lost = store.journal.append([draftOf('site', 2)])
    await expect(lost).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_UN(REACHABLE|WRITABLE)$/) })
    await expect(lost).rejects.toThrow(/KurrentDB at kurrentdb:\/\/127\.0\.0\.1:\d+ (does not answer|did not say)/)
    expect(store.journal.head().seq).toBe(1)
    await double.comeBack()
    await store.journal.append([draftOf('site', 2)])
    expect(inLog(double)).toBe(2)
    expect(store.journal.landed()).toEqual([])
    await store.close()
  })
}

test('a batch that was given up and lands later is taken in before anything else is written, and handed out once', async () => {
  const { double, store } = await opened()
  await store.journal.append([draftOf('site', 1)])
  // Every try is held back; the last one is let go after the answer was no.
  double.troubles = Array.from({ length: 20 }, () => trouble('written-late'))
  await expect(store.journal.append([draftOf('site', 2), draftOf('site', 3)])).rejects.toMatchObject({
    code: 'STORE_UNWRITABLE',
  })
  expect(store.journal.version('site')).toBe(1)
  double.troubles = []
  double.writeLate()
  expect(inLog(double), 'held tries are one event each').toBe(3)
  await expect(store.journal.append([draftOf('site', 2)])).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  expect(store.journal.landed().map(({ version }: FactRecord) => version)).toEqual([2, 3])
  expect(store.journal.landed()).toEqual([])
  expect(store.journal.version('site')).toBe(3)
  await store.journal.append([draftOf('site', 4)])
  expect(inLog(double)).toBe(4)
  await store.close()
})

test('a batch that was given up and lands between the look and the next append is found too', async () => {
  const { double, store } = await opened()
  double.troubles = Array.from({ length: 20 }, () => trouble('written-late'))
  await expect(store.journal.append([draftOf('site', 1)])).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  // The next append looks, finds nothing, and goes out; it is held too, and behind it the old one lands.
  double.troubles = [trouble('cut-before')]
  const next = store.journal.append([draftOf('bay:bay-1', 1)])
  await until(() => double.troubles.length === 0)
  double.writeLate()
  await expect(next).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  expect(store.journal.landed().map(({ stream }) => stream)).toEqual(['site'])
  await store.journal.append([draftOf('bay:bay-1', 1)])
  expect(inLog(double)).toBe(2)
  await store.close()
})

test('of several batches that were given up in a row the one that lands is taken in, and the owner goes on', async () => {
  const { double, store } = await opened()
  await store.journal.append([draftOf('site', 1)])
  double.troubles = Array.from({ length: 20 }, () => trouble('written-late'))
  await expect(store.journal.append([draftOf('site', 2)])).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  double.troubles = Array.from({ length: 200 }, () => trouble('cut-before'))
  await expect(store.journal.append([draftOf('bay:bay-1', 1)])).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  double.troubles = []
  double.writeLate()
  await expect(store.journal.append([draftOf('bay:bay-1', 1)])).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  expect(store.journal.landed().map(({ stream, version }) => `${stream} ${version}`)).toEqual(['site 2'])
  await store.journal.append([draftOf('bay:bay-1', 1)])
  expect(inLog(double)).toBe(3)
  await store.close()
})

test('a batch whose first try stayed without an answer and whose second was refused is taken in where the first lands', async () => {
  const { double, store } = await opened()
  await store.journal.append([draftOf('site', 1)])
  double.troubles = [trouble('written-late')]
  const lost = store.journal.append([draftOf('site', 2)])
  await until(() => double.troubles.length === 0)
  // From here on the server takes nothing of this size.
  const { maxAppendSize } = double.shelf
  double.shelf.maxAppendSize = 10
  await expect(lost).rejects.toThrow(/takes no append of this size/)
  double.shelf.maxAppendSize = maxAppendSize
  double.writeLate()
  await expect(store.journal.append([draftOf('bay:bay-1', 1)])).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' })
  expect(store.journal.landed().map(({ version }: FactRecord) => version)).toEqual([2])
  await store.journal.append([draftOf('bay:bay-1', 1)])
  expect(inLog(double)).toBe(3)
  await store.close()
})

test('an owner that was taken over while it could not know writes nothing any more', async () => {
  const { double, store, folder } = await opened()
  await store.journal.append([draftOf('site', 1)])
  // A copy of the folder on another machine: its lock is another file.
  const elsewhere = scratchFolder()
  cpSync(folder, elsewhere, { recursive: true })
  const second = await openKurrentStore(double.url, elsewhere)
  expect(second.journal.epoch).toBe(store.journal.epoch + 1)
  const [taken] = await second.journal.readStream('audit')
  expect(taken?.cause).toMatchObject({ type: 'store.taken-over', epoch: second.journal.epoch })
  await expect(store.journal.append([draftOf('site', 2)])).rejects.toMatchObject({
    code: 'STORE_FENCED',
    about: { epoch: store.journal.epoch, newer: second.journal.epoch },
  })
  expect(await codeOf(() => store.journal.append([draftOf('site', 2)]))).toBe('STORE_FENCED')
  await second.journal.append([draftOf('site', 2)])
  expect(inLog(double)).toBe(3)
  await store.close()
  // The fenced one's leaving says nothing in the newer one's name.
  const third = double.shelf.read(ownerStream('depot'))
  expect(third?.at(-1)).toMatchObject({ type: 'owner.took' })
  await second.close()
})

test('what an owner writes while another takes over is read by the new one, whoever is first', async () => {
  const { double, store, folder } = await opened()
  const elsewhere = scratchFolder()
  cpSync(folder, elsewhere, { recursive: true })
  // The new owner's first word in the log is held back until the old one has written once more.
  double.troubles = [trouble('cut-before')]
  const coming = openKurrentStore(double.url, elsewhere)
  await until(() => double.troubles.length === 0)
  const [last] = await store.journal.append([draftOf('site', 1)]).catch(() => [])
  const second = await coming
  const records = await second.journal.readSite()
  expect(records.map(({ cause }) => cause.type)).toContain('store.taken-over')
  if (last) expect(records[0]?.hash).toBe(last.hash)
  expect(await codeOf(() => store.journal.append([draftOf('site', 2)]))).toBe('STORE_FENCED')
  await store.close()
  await second.close()
})

test('a stream that was cut off, deleted or deleted for ever is not owned, and the fault says which', async () => {
  for (const [hurt, says] of [
    [(double: KurrentDouble) => double.shelf.truncate(LOG, 2), /Record 1 .* is gone: the stream goes on with record 3/],
    [(double: KurrentDouble) => double.shelf.delete(LOG), /ends at record 0, but .* had 3 .* deleted or cut/],
    [(double: KurrentDouble) => double.shelf.tombstone(LOG), /was deleted for ever; restore/],
  ] as const) {
    const { double, store, folder } = await opened()
    await store.journal.append([1, 2, 3].map((version) => draftOf('site', version)))
    await store.close()
    hurt(double)
    const anew = openKurrentStore(double.url, folder)
    await expect(anew).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await expect(anew).rejects.toThrow(says)
  }
})

test('somebody else’s event in the log, or a changed one, is named and nothing is owned', async () => {
  const { double, store, folder } = await opened()
  await store.journal.append([1, 2, 3].map((version) => draftOf('site', version)))
  await store.close()
  double.shelf.alter(LOG, 1, (event) => ({ ...event, data: Buffer.from('{"seq":7}') }))
  await expect(openKurrentStore(double.url, folder)).rejects.toThrow(/Record 2 .* is not one of berth, or was changed/)
})

test('a server that refuses the user, is not there, or is no address is one sentence without the password', async () => {
  const { double, store, folder } = await opened()
  await store.close()
  double.denied = true
  await expect(openKurrentStore(double.url, folder)).rejects.toThrow(/refuses the user or password of `store.url`/)
  double.denied = false
  await double.goAway()
  const secret = double.url.replace('://', '://ann:hunter2@')
  for (const url of [secret, 'kurrentdb:/nonsense-hunter2']) {
    const away = openKurrentStore(url, folder)
    await expect(away).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    await expect(away).rejects.not.toThrow(/ann/)
  }
  await expect(openKurrentStore(secret, folder)).rejects.not.toThrow(/hunter2/)
})

test('a line that was made while its server was away finds it once it is there', async () => {
  const double = await testDouble()
  await double.goAway()
  const line = new KurrentLine(double.url, { call: 2_000, whole: 8_000 })
  const reading = line.read('berth-fact', { from: 0, count: 1 })
  await new Promise((go) => setTimeout(go, 600))
  await double.comeBack()
  expect(await reading).toBeNull()
  await line.close()
})

test('keys of another store, and a second owner on this machine, are refused', async () => {
  const { double, store, folder } = await opened()
  expect(await codeOf(() => openKurrentStore(double.url, folder))).toBe('STORE_OWNED')
  expect(await codeOf(() => openKurrentStore(double.url, scratchFolder()))).toBe('KEY_UNAVAILABLE')
  await store.journal.append([draftOf('site', 1)])
  await store.close()
})

test('an append larger than the server takes is refused for good, and the next one goes through', async () => {
  const { double, store } = await opened()
  double.shelf.maxAppendSize = 4_000
  const large = Array.from({ length: 20 }, (_, i) => draftOf('site', i + 1))
  await expect(store.journal.append(large)).rejects.toThrow(/takes no append of this size; raise its MaxAppendSize/)
  await store.journal.append([draftOf('site', 1)])
  await store.close()
})

test('links follow the records, never hold them up, and go on where they stood after an outage and a restart', async () => {
  const { double, store, folder } = await opened()
  const bay = linkStream('depot', 'bay:bay-1')
  const linked = () => (double.shelf.read(bay) ?? []) as readonly { data: Uint8Array }[]
  double.troubles = [trouble('cut-before', bay), trouble('wrong-version', bay)]
  await store.journal.append([draftOf('bay:bay-1', 1), draftOf('site', 1), draftOf('bay:bay-1', 2)])
  await until(() => linked().length === 2)
  expect(linked().map(({ data }) => Buffer.from(data).toString())).toEqual([`0@${LOG}`, `2@${LOG}`])
  await store.close()
  const again = await openKurrentStore(double.url, folder)
  await again.journal.append([draftOf('bay:bay-1', 3)])
  await until(() => linked().length === 3)
  await again.close()
})

test('a stream’s page is the same through its links, without them, and through links that lead elsewhere', async () => {
  const { double, store } = await opened()
  for (let i = 1; i <= 4; i++) {
    const others = Array.from({ length: 20 }, (_, j) => draftOf('site', (i - 1) * 20 + j + 1))
    await store.journal.append([draftOf('bay:bay-1', i), ...others])
  }
  const bay = linkStream('depot', 'bay:bay-1')
  await until(() => double.shelf.read(bay)?.length === 4)
  const through = await store.journal.readStream('bay:bay-1')
  expect(through.map(({ seq }) => seq)).toEqual([1, 22, 43, 64])
  double.shelf.alter(bay, 1, (event) => ({ ...event, data: Buffer.from(`7@${LOG}`) }))
  expect(await store.journal.readStream('bay:bay-1')).toEqual(through)
  double.shelf.delete(bay)
  expect(await store.journal.readStream('bay:bay-1')).toEqual(through)
  await store.close()
})

test('a cluster is found by asking one of its nodes, and a log that nobody began is not found', async () => {
  const double = await testDouble()
  const folder = scratchFolder()
  const read = () =>
    openKurrentJournalReadOnly({ url: double.clusterUrl, siteId: 'depot', keys: { open: () => undefined } })
  expect(await codeOf(read)).toBe('NOT_FOUND')
  const store = await openKurrentStore(double.clusterUrl, folder, { patience: { ...SHORT, call: 2_000 } })
  await store.journal.append([draftOf('site', 1)])
  const reader = await read()
  expect(reader.head()).toEqual(store.journal.head())
  expect(await codeOf(() => reader.append([draftOf('site', 2)]))).toBe('STORE_UNWRITABLE')
  await reader.close()
  await store.close()
})
