import { expect, test, vi } from 'vitest'
import { linkHash, sha256 } from '../../../src/journal/chain.ts'
import type { JournalRow } from '../../../src/journal/journal-row.ts'
import { withPostgres } from '../../contracts/postgres-cluster.ts'
import { fc } from '../../seeded-check.ts'
import { openStage, rowsAt, siteWith } from './link-stage.ts'
import { batchOf, columns, helloOf, openLink, rawLink, rowsOf } from './raw-link.ts'

vi.setConfig({ testTimeout: 180_000 })

/** The row with other parts, hashed and linked as if it were true. */
function forged(row: JournalRow, change: Partial<JournalRow>): JournalRow {
  const made = { ...row, ...change }
  const contentHash = sha256(made.content)
  return { ...made, contentHash, hash: linkHash(made.prev, contentHash, made.personalHash) }
}

const withMember = (row: JournalRow, member: string, value: unknown): JournalRow =>
  forged(row, { content: JSON.stringify({ ...JSON.parse(row.content), [member]: value }) })

withPostgres('what a gateway may not send', (cluster) => {
  const database = async () => cluster().url(await cluster().newDatabase())

  /** A centre that has 5 of the site's 10 records. */
  async function half() {
    const stage = await openStage(await database())
    const { token } = await stage.add('depot')
    const site = await siteWith(10)
    const rows = rowsOf(site)
    const link = await openLink(stage.centre.url, token)
    await link.ask(helloOf(site))
    expect(await link.ask(batchOf(rows.slice(0, 5)))).toMatchObject({ type: 'head', seq: 5 })
    const again = async () => {
      const next = await openLink(stage.centre.url, token)
      await next.ask(helloOf(site))
      return next
    }
    return { stage, token, site, rows, link, again }
  }

  test('a record that was altered, or is another than it says, is refused by its number, and nothing of its batch is kept', async () => {
    const { stage, rows, again } = await half()
    const [sixth, seventh] = rows.slice(5) as [JournalRow, JournalRow]
    const altered = { ...seventh, content: seventh.content.replace('6.1', '9.9') }
    const unlinked = { ...seventh, prev: '0'.repeat(64) }
    const refusals = [
      [[sixth, altered], /^record 7: its content was altered/],
      [[sixth, { ...seventh, personal: '{"x":"y"}' }], /^record 7: its personal fields were altered/],
      [[sixth, unlinked], /^record 7: its prev is/],
      [[sixth, { ...seventh, hash: '1'.repeat(64) }], /^record 7: its hash is/],
      [[sixth, rows[7] as JournalRow], /^record 7 is missing/],
      [[sixth, sixth], /^record 7 is missing/],
      [[withMember(sixth, 'siteId', 'other')], /^record 6 is of the site other/],
      [[{ ...sixth, stream: 'bay:bay-9' }], /^record 6: the column stream/],
      [[{ ...sixth, at: '2020-01-01T00:00:00.000Z' }], /^record 6: the column at/],
      [[forged(sixth, { content: '"text"' })], /^record 6: its content is no record/],
      [[forged(sixth, { content: '{"seq":' })], /^record 6: its content is no record/],
      [[forged(sixth, { content: 'null' })], /^record 6: its content is no record/],
      [[{ ...withMember(sixth, 'version', 9), version: 9 }], /^record 6 is version 9 of bay:bay-2, and 2 is next/],
    ] as const
    for (const [sent, says] of refusals) {
      const link = await again()
      expect(await link.ask(batchOf(sent))).toEqual({
        type: 'refused',
        says: expect.stringMatching(says),
        again: false,
      })
      expect(await link.closed()).toBe(4403)
    }
    expect(await rowsAt(stage.store)).toEqual(rows.slice(0, 5))
    expect(stage.told.filter((line) => line.startsWith('depot: record 7: its prev is')).length).toBe(1)
  })

  test('a batch of another site or epoch, and a token of another site, are refused', async () => {
    const { stage, site, rows, again } = await half()
    const next = rows.slice(5)
    expect(await (await again()).ask(batchOf(next, { site: 'other' }))).toMatchObject({ type: 'refused', again: false })
    expect(await (await again()).ask(batchOf(next, { epoch: 2 }))).toMatchObject({ type: 'refused', again: false })
    const { token } = await stage.add('other')
    const link = await openLink(stage.centre.url, token)
    expect(await link.ask(helloOf(site))).toEqual({
      type: 'refused',
      says: 'This token is of other, and the gateway runs as depot; give each site its own.',
      again: false,
    })
    expect(await rowsAt(stage.store)).toEqual(rows.slice(0, 5))
  })

  test('records sealed by another key store are refused before the first one', async () => {
    const { stage, token, site } = await half()
    const link = await openLink(stage.centre.url, token)
    const answer = await link.ask({ ...helloOf(site), keyStore: 'another' })
    expect(answer).toMatchObject({ type: 'refused', says: expect.stringContaining('sealed under other keys') })
  })

  test('records behind a gap are not taken, and the gateway is told where to go on; what is there already is answered as done', async () => {
    const { stage, rows, link } = await half()
    const end = { seq: 5, hash: rows[4]?.hash }
    expect(await link.ask(batchOf(rows.slice(6)))).toEqual({ type: 'gap', ...end })
    expect(await link.ask(batchOf(rows.slice(1, 4)))).toMatchObject({ type: 'head', ...end })
    expect(await link.ask(batchOf(rows.slice(0, 5)))).toMatchObject({ type: 'head', ...end })
    // Half known, half new.
    expect(await link.ask(batchOf(rows.slice(3, 8)))).toMatchObject({ type: 'head', seq: 8 })
    expect(await rowsAt(stage.store)).toEqual(rows.slice(0, 8))
  })

  test('frames that are no messages, too large or binary close the link of who sent them, and nobody else is held up', async () => {
    const { rows, link, again } = await half()
    const row = columns(rows[5] as JournalRow)
    const broken = [
      'hello',
      '[]',
      'null',
      '{"type":"batch"}',
      '{"type":"head","seq":1}',
      `${'['.repeat(200_000)}`,
      JSON.stringify(batchOf([], { fromSeq: 6, prevHash: rows[4]?.hash })),
      JSON.stringify(batchOf(rows.slice(5), { rows: Array.from({ length: 257 }, () => row) })),
      JSON.stringify(batchOf(rows.slice(5), { rows: [row.slice(1)] })),
      JSON.stringify(batchOf(rows.slice(5), { rows: [row.with(4, `${row[4]}\0`)] })),
      JSON.stringify(batchOf(rows.slice(5), { rows: [row.with(0, 1.5)] })),
      JSON.stringify(batchOf(rows.slice(5), { fromSeq: -1 })),
      Buffer.from([0, 1, 2]),
    ]
    for (const text of broken) {
      const other = await again()
      expect([String(text).slice(0, 40), await other.ask(text)]).toEqual([String(text).slice(0, 40), 'closed: 4400'])
    }
    const huge = await again()
    expect(await huge.ask('x'.repeat((24 << 20) + 1))).toBe('closed: 1009')
    const first = await again()
    expect(link.socket.readyState).not.toBe(link.socket.OPEN)
    expect(await first.ask(batchOf(rows.slice(5)))).toMatchObject({ type: 'head', seq: 10 })
  })

  test('whoever has no token, a wrong one, or speaks another protocol gets no link, and a first message must say whose it is', async () => {
    const { stage, token, rows } = await half()
    const { url } = stage.centre
    expect(await rawLink(url, null)).toBe(401)
    expect(await rawLink(url, 'x'.repeat(43))).toBe(401)
    expect(await rawLink(url, `${token}x`)).toBe(401)
    expect(await rawLink(url, token, 'other')).toBe(400)
    expect(await rawLink(url.replace('/link', '/other'), token)).toBe(404)
    const link = await openLink(url, token)
    expect(await link.ask(batchOf(rows.slice(5)))).toMatchObject({ type: 'refused' })
    expect(await rowsAt(stage.store)).toEqual(rows.slice(0, 5))
  })

  test('however a batch was damaged on its way, the copy stays the site’s own records, in their order', async () => {
    const { stage, rows, again } = await half()
    const sent = JSON.stringify(batchOf(rows.slice(5)))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: sent.length - 1 }), fc.constantFrom('0', 'a', '"', '}', ',', '\\', ' ', '')), {
          minLength: 1,
          maxLength: 3,
        }),
        async (changes) => {
          const letters = [...sent]
          for (const [at, letter] of changes) letters[at] = letter
          const link = await again()
          await link.ask(letters.join(''))
          link.socket.terminate()
          const kept = await rowsAt(stage.store)
          expect(rows.slice(0, kept.length)).toEqual(kept)
        },
      ),
      { numRuns: 60 },
    )
  })
})
