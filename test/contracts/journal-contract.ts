import { expect, test } from 'vitest'
import type { Journal } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { Draft, FactRecord } from '../../machines/record.ts'
import { canonicalJson } from '../../src/journal/canonical.ts'
import { GENESIS, linkHash, recordContent, SALT, sha256 } from '../../src/journal/chain.ts'
import { fc } from '../seeded-check.ts'
import { draftOf } from './journal-drafts.ts'

/** What an adapter hands to the suite: a journal of the site `depot`, or of the one named, the same one opened anew (null where it cannot), and a second look at it (itself where there is none). */
export type JournalStage = {
  readonly siteId?: string
  readonly journal: () => Journal
  readonly handle: (plate: string) => string
  readonly reopen: (() => Promise<void>) | null
  readonly reader: () => Promise<Journal>
  readonly close: () => Promise<void>
}

const STREAMS = ['bay:bay-1', 'bay:bay-2', 'site', 'register']

type Step =
  | { readonly do: 'append'; readonly streams: readonly number[]; readonly people: boolean }
  | { readonly do: 'append-wrong'; readonly stream: number; readonly off: number; readonly behind: number }
  | { readonly do: 'read-site'; readonly after: number; readonly limit: number }
  | { readonly do: 'read-stream'; readonly stream: number; readonly after: number; readonly limit: number }
  | { readonly do: 'reopen' }

const stream = fc.nat({ max: STREAMS.length - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      streams: fc.array(stream, { maxLength: 6 }),
      people: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('append-wrong' as const),
      stream,
      off: fc.constantFrom(-2, -1, 1, 2),
      behind: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('read-site' as const),
      after: fc.nat({ max: 40 }),
      limit: fc.nat({ max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('read-stream' as const),
      stream,
      after: fc.nat({ max: 12 }),
      limit: fc.nat({ max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
)

/** What every journal promises, whatever keeps it. */
export function journalContract(
  name: string,
  open: () => Promise<JournalStage>,
  runs: number,
  within_ms = 60_000,
): void {
  test(
    `${name}: whatever is appended, refused, read and reopened, it says what a plain list would say`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
          const stage = await open()
          try {
            const model = new Model(stage)
            for (const one of steps) await model.run(one)
            await model.checkAll()
          } finally {
            await stage.close()
          }
        }),
        { numRuns: runs },
      )
    },
    within_ms,
  )

  test(`${name}: an empty journal stands at the genesis, and appending nothing changes nothing`, async () => {
    const stage = await open()
    expect(stage.journal().head()).toEqual({ seq: 0, hash: GENESIS })
    expect(await stage.journal().append([])).toEqual([])
    expect(await stage.journal().readSite()).toEqual([])
    expect(stage.journal().version('site')).toBe(0)
    await stage.close()
  })

  test(`${name}: what has no JSON form is refused whole, and the next append succeeds`, async () => {
    const stage = await open()
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 'half \ud800 character']) {
      const bad = [draftOf('site', 1), draftOf('site', 2, {}, { value })]
      await expect(stage.journal().append(bad)).rejects.toMatchObject({ code: 'BODY_INVALID' })
    }
    expect(stage.journal().head().seq).toBe(0)
    await stage.journal().append([draftOf('site', 1)])
    expect((await stage.journal().readSite()).length).toBe(1)
    await stage.close()
  })

  test(
    `${name}: any content comes back as it was, and its hash can be found again from what is read`,
    async () => {
      const stage = await open()
      let version = 0
      await fc.assert(
        fc.asyncProperty(
          fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' })),
          async (cause) => {
            const fields = JSON.parse(JSON.stringify(cause))
            // A member that this version does not know: whatever a draft holds is kept and hashed.
            const draft = { ...draftOf('site', ++version, {}, { extra: fields }), later: fields }
            await stage.journal().append([draft])
            const [record] = await stage.journal().readStream('site', version - 1)
            expect(record).toMatchObject({ later: fields })
            expect(record?.cause['extra']).toEqual(fields)
            expect(sha256(recordContent(record as FactRecord))).toBe(record?.contentHash)
          },
        ),
        { numRuns: 100 },
      )
      await stage.close()
    },
    within_ms,
  )
}

/** The reference: one list of drafts, oldest first. */
class Model {
  readonly #stage: JournalStage
  readonly #drafts: Draft[] = []

  constructor(stage: JournalStage) {
    this.#stage = stage
  }

  async run(step: Step): Promise<void> {
    if (step.do === 'append') return this.#append(step.streams, step.people)
    if (step.do === 'append-wrong') return this.#appendWrong(step.stream, step.off, step.behind)
    if (step.do === 'reopen') return this.#stage.reopen?.()
    const reader = await this.#stage.reader()
    if (step.do === 'read-site') {
      this.#same(await reader.readSite(step.after, step.limit), this.#drafts.slice(step.after, step.after + step.limit))
    } else {
      const name = STREAMS[step.stream] as string
      this.#same(
        await reader.readStream(name, step.after, step.limit),
        this.#of(name).slice(step.after, step.after + step.limit),
      )
    }
  }

  /** Everything again: pages, versions, head, chain, and the personal fields opened. */
  async checkAll(): Promise<void> {
    for (const journal of [this.#stage.journal(), await this.#stage.reader()]) {
      const records = await journal.readSite()
      this.#same(records, this.#drafts)
      checkChain(records, this.#stage.siteId ?? 'depot')
      expect(journal.head()).toEqual({ seq: records.length, hash: records.at(-1)?.hash ?? GENESIS })
      for (const name of STREAMS) expect(journal.version(name)).toBe(this.#of(name).length)
      for (const [i, record] of records.entries())
        expect(journal.open(record)).toEqual((this.#drafts[i] as Draft).personal)
    }
  }

  async #append(streams: readonly number[], people: boolean): Promise<void> {
    const batch = this.#batch(streams, people)
    const before = this.#drafts.length
    const records = await this.#stage.journal().append(batch)
    this.#drafts.push(...batch)
    expect(records.map(({ seq }) => seq)).toEqual(batch.map((_, i) => before + 1 + i))
    expect(await this.#stage.journal().readSite(before)).toEqual(records)
  }

  /** Good drafts before the wrong one must not be written either. */
  async #appendWrong(stream: number, off: number, behind: number): Promise<void> {
    const good = this.#batch(
      Array.from({ length: behind }, (_, i) => (stream + i) % STREAMS.length),
      true,
    )
    const name = STREAMS[stream] as string
    const next = this.#of(name).length + good.filter((draft) => draft.stream === name).length + 1
    const head = this.#stage.journal().head()
    await expect(this.#stage.journal().append([...good, draftOf(name, next + off)])).rejects.toThrow(Fault)
    await expect(this.#stage.journal().append([...good, draftOf(name, next + off)])).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
    })
    expect(this.#stage.journal().head()).toEqual(head)
  }

  #batch(streams: readonly number[], people: boolean): Draft[] {
    const counts = new Map(STREAMS.map((name) => [name, this.#of(name).length]))
    return streams.map((index, i) => {
      const name = STREAMS[index] as string
      const version = (counts.get(name) as number) + 1
      counts.set(name, version)
      const who = { [this.#stage.handle(`P${index}`)]: { plate: `P${index}`, nth: i }, 'acc-1': 'Ann' }
      return draftOf(name, version, people ? who : {}, { nth: i })
    })
  }

  #of(name: string): Draft[] {
    return this.#drafts.filter((draft) => draft.stream === name)
  }

  #same(records: readonly FactRecord[], drafts: readonly Draft[]): void {
    const bare = ({
      personal: _sealed,
      personalHash,
      contentHash,
      prev,
      hash,
      seq,
      siteId,
      recordedAt,
      ...rest
    }: FactRecord) => rest
    expect(records.map(bare)).toEqual(drafts.map(({ personal: _clear, ...rest }) => rest))
  }
}

/** The chain, written down once more and independently of the code that makes it. */
function checkChain(records: readonly FactRecord[], siteId: string): void {
  let prev = GENESIS
  for (const [i, record] of records.entries()) {
    expect(record.seq).toBe(i + 1)
    expect(record.siteId).toBe(siteId)
    expect(record.prev).toBe(prev)
    expect(record.contentHash).toBe(sha256(recordContent(record)))
    expect(record.personalHash).toBe(sha256(canonicalJson(record.personal)))
    expect(record.hash).toBe(linkHash(prev, record.contentHash, record.personalHash))
    if (Object.keys(record.personal ?? {}).length > 0) expect(record.personal?.[SALT]).toMatch(/^[A-Za-z0-9+/]{22}==$/)
    prev = record.hash
  }
}
