import { writeSync } from 'node:fs'
import type { Draft } from '../../../machines/record.ts'
import { systemChance } from '../../../src/chance.ts'
import { systemClock } from '../../../src/clock.ts'
import { openSiteJournal } from '../../../src/journal/site-store.ts'
import { openKeyStore } from '../../../src/privacy/key-store.ts'

/**
 * Run as a process of its own: appends batches to the store argv[2] (or to the PostgreSQL at APPENDER_URL) as fast as it can, a new vehicle and a new token in each, and says
 * each batch's number on standard output once it is durable. Stops at the first fault, says it, and with argv[3] = `once-more` tries
 * again when it is told to on standard input.
 */
const path = process.argv[2] as string
const keys = openKeyStore({ path: `${path}.keys`, siteId: 'depot', clock: systemClock, chance: systemChance, env: {} })
const url = process.env['APPENDER_URL']
const store = url === undefined ? ({ kind: 'sqlite', path } as const) : ({ kind: 'postgres', path, url } as const)
const journal = await openSiteJournal(store, { siteId: 'depot', clock: systemClock, keys })

const say = (line: string) => void writeSync(1, `${line}\n`)
say('open')

async function appendBatch(): Promise<number> {
  const version = journal.version('site')
  const batch = version === 0 ? 1 : Number((await journal.readStream('site', version - 1))[0]?.cause['batch']) + 1
  const size = 1 + (batch % 16)
  const token = keys.startToken(`start-${batch}`, 'visit-1', 16)
  const handle = keys.vehicle(`PLATE${batch}`)
  const drafts = Array.from({ length: size }, (_, i): Draft => {
    const at = new Date(systemClock.now()).toISOString()
    const cause = { type: 'meter.values', batch, nth: i, of: size }
    const timers = { set: [], cleared: [] }
    const personal = { [handle]: { plate: `PLATE${batch}`, token } }
    const rest = { decisions: [], guards: [], effects: [], timers, state: null, detail: null, personal }
    return { schema: 1, stream: 'site', bayId: null, version: version + 1 + i, at, machine: 'site-1', cause, ...rest }
  })
  await journal.append(drafts)
  return batch
}

async function appendOn(batches: number): Promise<void> {
  try {
    for (let i = 0; i < batches; i++) say(`batch ${await appendBatch()}`)
  } catch (error) {
    say(`fault ${(error as { code?: string }).code ?? String(error)}`)
  }
}

await appendOn(Number.POSITIVE_INFINITY)
if (process.argv[3] === 'once-more') {
  process.stdin.once('data', async () => {
    await appendOn(3)
    say('done')
    process.exit(0)
  })
} else {
  process.exit(0)
}
