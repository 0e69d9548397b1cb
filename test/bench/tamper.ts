import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyExport, verifyStore } from '../../src/journal/verification.ts'
import {
  mixedAndCut,
  seededRoll,
  type Tampered,
  tamperByte,
  tamperCell,
  writtenExport,
  writtenStore,
} from './tamper-yard.ts'

/** `npm run tamper [-- RECORDS PLACES]`: one byte changed at so many random places of a journal, half of them in the store and half in an export. Exit 1 where one is not named. */
const [records = 100_000, places = 200] = process.argv.slice(2).map(Number)
const seed = Math.floor(Math.random() * 2 ** 32)
const chance = seededRoll(seed)
const folder = mkdtempSync(join(tmpdir(), 'berth-tamper-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const begun = performance.now()
const store = await writtenStore(folder, records)
const out = writtenExport(store)
const whole = readFileSync(out)
console.log(
  `${records} records, ${(whole.length / 1e6).toFixed(0)} MB as export, seed ${seed}, written in ${seconds()} s`,
)

const intact = [timed('store', () => verifyStore(store)), timed('export', () => verifyExport(out))]
if (intact.some(({ broken }) => broken !== null))
  throw new Error('the journal does not hold before anything was changed')

const all: Tampered[] = []
for (let i = 0; i < places; i++) {
  all.push(i % 2 === 0 ? tamperCell(store, records, chance) : tamperByte(out, whole, chance))
  if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${places}`)
}
writeFileSync(out, whole)
for (const { record, what, says } of all.filter(({ named }) => !named))
  console.log(`NOT NAMED: record ${record}, ${what}: ${says}`)
console.log(
  `${all.filter(({ named }) => named).length} of ${places} changed bytes found and named, ${seconds()} s in all`,
)

const foreign = writtenExport(await writtenStore(folder, 2_000, 'yard'))
const { mixed, cut } = mixedAndCut(folder, out, foreign)
console.log(`records of two sites: ${mixed.broken}`)
console.log(`tail cut: ${cut.broken}`)
process.exitCode = all.every(({ named }) => named) && mixed.broken !== null && cut.broken !== null ? 0 : 1

function timed<T>(what: string, work: () => T): T {
  const from = process.cpuUsage()
  const answer = work()
  const { user, system } = process.cpuUsage(from)
  console.log(`verifying the ${what}: ${Math.round(records / ((user + system) / 1e6))} records per CPU-second`)
  return answer
}

function seconds(): string {
  return ((performance.now() - begun) / 1000).toFixed(1)
}
