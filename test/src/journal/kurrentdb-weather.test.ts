import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { FactRecord } from '../../../machines/record.ts'
import { siteStream } from '../../../src/journal/kurrent-event.ts'
import { openLogAsItIs } from '../../../src/journal/kurrent-reader.ts'
import { PATIENCE } from '../../../src/journal/server-append.ts'
import { verifyRows } from '../../../src/journal/verification.ts'
import { draftOf, newFolder } from '../../contracts/journal-drafts.ts'
import { type AppendTrouble, KurrentDouble } from '../../contracts/kurrent-double.ts'
import { openKurrentStore } from '../../contracts/kurrent-store.ts'
import { fc } from '../../seeded-check.ts'

const LOG = siteStream('depot')

/** What befalls the server around one append; `late`: what was held back lands just then. */
type Weather =
  | { readonly is: 'fair' | 'late' | 'restart' | 'away' }
  | { readonly is: 'trouble'; readonly troubles: readonly AppendTrouble['is'][] }

const trouble = fc.constantFrom<AppendTrouble['is']>(
  'cut-before',
  'cut-after',
  'silent-before',
  'silent-after',
  'wrong-version',
  'written-late',
)
const weather: fc.Arbitrary<Weather> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ is: 'fair' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('trouble' as const),
      troubles: fc.array(trouble, { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ is: 'late' as const }) },
  { weight: 1, arbitrary: fc.constant({ is: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ is: 'away' as const }) },
)

/** So short that two or three tries fit. */
const HASTY = { call: 120, whole: 250 }

test('in any weather every answered record is in the log once and in its place, and what was refused is not, or is handed out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ weather, size: fc.integer({ min: 1, max: 4 }) }), { minLength: 4, maxLength: 12 }),
      async (steps) => {
        const double = await KurrentDouble.open()
        const folder = newFolder()
        let store = await openKurrentStore(double.url, folder, { patience: PATIENCE })
        await store.close()
        const open = () => openKurrentStore(double.url, folder, { patience: HASTY })
        const insist = async <T>(work: () => Promise<T>): Promise<T> => {
          for (let i = 0; i < 50; i++) {
            const done = await work().catch(() => null)
            if (done !== null) return done
          }
          throw new Error('it never answered again')
        }
        const anew = () => insist(open)
        store = await anew()
        /** By seq, the hash of every record that somebody was told of. */
        const told = new Map<number, string>()
        const tell = (records: readonly FactRecord[]) => {
          for (const { seq, hash } of records) told.set(seq, hash)
        }
        try {
          for (const { weather, size } of steps) {
            double.troubles = weather.is === 'trouble' ? weather.troubles.map((is) => ({ stream: LOG, is })) : []
            if (weather.is === 'late') double.writeLate()
            if (weather.is === 'restart') {
              await store.close()
              store = await anew()
              tell(await insist(() => store.journal.readSite()))
            }
            if (weather.is === 'away') await double.goAway()
            const first = store.journal.version('site') + 1
            const drafts = Array.from({ length: size }, (_, i) => draftOf('site', first + i))
            await store.journal.append(drafts).then(tell, () => tell(store.journal.landed()))
            if (weather.is === 'away') await double.comeBack()
          }
          double.troubles = []
          double.writeLate()
          // Fair at last: one refusal at most, for what landed late, and then it goes on.
          let isDone = false
          for (let i = 0; i < 40 && !isDone; i++) {
            if (i > 0) await new Promise((go) => setTimeout(go, 50))
            const next = store.journal.append([draftOf('site', store.journal.version('site') + 1)])
            isDone = await next.then(
              () => true,
              () => false,
            )
            await next.then(tell, () => tell(store.journal.landed()))
          }
          expect(isDone).toBe(true)
          const log = await openLogAsItIs({ url: double.url, siteId: 'depot' })
          expect((await verifyRows(log)).broken).toBeNull()
          const rows = await log.rows(0, 1_000)
          await log.close()
          const takenOver = rows.filter(({ stream }) => stream === 'audit').map(({ seq }) => seq)
          for (const seq of takenOver) told.delete(seq)
          const there = rows.filter(({ stream }) => stream !== 'audit')
          expect([...told].toSorted(([one], [other]) => one - other)).toEqual(there.map(({ seq, hash }) => [seq, hash]))
        } finally {
          await store.close()
          await double.close()
          rmSync(folder, { recursive: true, force: true })
        }
      },
    ),
    { numRuns: Number(process.env['BERTH_WEATHERS'] ?? 12) },
  )
}, 300_000)
