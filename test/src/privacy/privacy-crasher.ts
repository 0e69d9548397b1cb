import { writeSync } from 'node:fs'
import type { Draft } from '../../../machines/record.ts'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { openSqliteJournal } from '../../../src/journal/sqlite.ts'
import { openKeyStore } from '../../../src/privacy/key-store.ts'

/**
 * Run as a process of its own on the store argv[2]: each batch brings a new vehicle; every third erases the one before it, every fifth
 * begins a new key period that takes over everybody who lives, and destroys the old one. Says each thing once it is done.
 */
const path = process.argv[2] as string
const keys = openKeyStore({ path: `${path}.keys`, siteId: 'depot', clock: systemClock, chance: systemChance, env: {} })
const journal = await openSqliteJournal({ path, siteId: 'depot', clock: systemClock, keys })
const say = (line: string) => void writeSync(1, `${line}\n`)
const plateOf = (batch: number) => `PLATE${batch}`
const erases = (batch: number) => batch > 1 && batch % 3 === 0
say('open')

async function appendBatch(): Promise<number> {
  const version = journal.version('site')
  const batch = version === 0 ? 1 : Number((await journal.readStream('site', version - 1))[0]?.cause['batch']) + 1
  const size = 1 + (batch % 4)
  const handle = keys.vehicle(plateOf(batch))
  const drafts = Array.from({ length: size }, (_, nth): Draft => {
    const cause = { type: 'plate.seen', batch, nth, of: size, handle }
    const timers = { set: [], cleared: [] }
    const rest = { decisions: [], guards: [], effects: [], timers, state: null, detail: null }
    const personal = { [handle]: { plate: plateOf(batch) } }
    const at = new Date(systemClock.now()).toISOString()
    return {
      schema: 1,
      stream: 'site',
      bayId: null,
      version: version + 1 + nth,
      at,
      machine: 'site-1',
      cause,
      ...rest,
      personal,
    }
  })
  await journal.append(drafts)
  say(`batch ${batch}`)
  return batch
}

function rotate(newest: number): void {
  const carried = Array.from({ length: newest }, (_, n) => ({ kind: 'vehicle' as const, text: plateOf(n + 1) }))
  const { period } = keys.beginPeriod(carried)
  for (const { period: old } of keys.periods()) if (old < period) keys.endPeriod(old, () => false)
  say(`period ${period}`)
}

for (;;) {
  const batch = await appendBatch()
  const before = erases(batch) ? keys.findVehicle(plateOf(batch - 1)) : null
  if (before !== null) {
    keys.erase(before)
    say(`erased ${batch - 1}`)
  }
  if (batch % 5 === 0) rotate(batch)
}
