import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { Journal } from '../../actors/ports.ts'
import type { RowFilter } from '../../projections/told.ts'
import { systemChance } from '../chance.ts'
import { systemClock } from '../clock.ts'
import { counted } from '../counted.ts'
import { openSiteJournalReadOnly } from '../journal/site-store.ts'
import { type Database, openDatabaseReadOnly } from '../journal/sqlite-file.ts'
import { BILL_COLUMNS, billRow } from '../ocpi/bill-rows.ts'
import { signedFrames } from '../ocpi/signed-data.ts'
import { Telling, type Told } from '../ocpi/telling.ts'
import { readFrames } from '../ocpp/frame-store.ts'
import { type KeyStore, openKeyStoreReadOnly } from '../privacy/key-store.ts'
import { recordLook } from '../recorded-look.ts'
import { rebuildRegister } from '../register-texts.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'
import { csvOf, linesOf } from '../views/report-text.ts'
import { misused, SPAN_OPTIONS, spanOf, tell, viewsBeside } from './told-span.ts'

const FORMATS = ['csv', 'jsonl', 'ocpi', 'ocpi-sessions'] as const

/**
 * `berth cdrs --site site.yaml [--format csv|jsonl|ocpi|ocpi-sessions] [--bay B] [--account A] [--from T] [--to T] [--out FILE]`: every
 * billed session with its money, also beside its owner. 1 where the site file says too little; 2 for a wrong command line.
 */
export async function cdrs(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: SPAN_OPTIONS })
  if (values.site === undefined) return misused('cdrs', 'say which site: `--site site.yaml`.')
  const format = FORMATS.find((one) => one === (values.format ?? 'csv'))
  if (format === undefined) return misused('cdrs', `--format takes one of ${FORMATS.join(', ')}.`)
  const span = spanOf(values)
  if (typeof span === 'string') return misused('cdrs', span)
  const file = await readSiteFile(values.site)
  const told = await withTelling(file, (telling) => textOf(telling, format, span))
  if ('why' in told) {
    process.stderr.write(`berth cdrs: ${told.why}\n`)
    return 1
  }
  // Tokens of cards stand in it: that it was made is on record before anybody has it.
  const about = values.out === undefined ? 'standard output' : basename(values.out)
  const unrecorded = await recordLook(file, 'cdrs', about, { ...span })
  if (unrecorded !== null) process.stderr.write(`berth cdrs: that this was made is not on record: ${unrecorded}.\n`)
  if (told.note !== null) process.stderr.write(`berth cdrs: ${told.note}\n`)
  return tell('cdrs', values.out, told.text, counted(told.count, 'session'))
}

type Text = { readonly text: string; readonly count: number; readonly note: string | null } | { readonly why: string }

async function textOf(telling: Telling, format: (typeof FORMATS)[number], span: RowFilter): Promise<Text> {
  const note = await telling.unpriced(span)
  if (format === 'ocpi') return lines(await telling.cdrs(span), note)
  if (format === 'ocpi-sessions') return lines(await telling.sessions(span), null)
  const bills = await telling.bills(span)
  if ('why' in bills) return bills
  const rows = bills.items.map(billRow)
  return { text: format === 'csv' ? csvOf(BILL_COLUMNS, rows) : linesOf(rows), count: rows.length, note }
}

const lines = (told: Told<unknown>, note: string | null): Text =>
  'why' in told ? told : { text: linesOf(told.items), count: told.items.length, note }

/** Opens what a site tells from its store, also beside its owner, and closes it again. */
export async function withTelling<T>(file: SiteFile, work: (telling: Telling) => Promise<T>): Promise<T> {
  const open: { close(): unknown }[] = []
  try {
    const keys = openKeyStoreReadOnly({
      path: `${file.store.path}.keys`,
      siteId: file.site.id,
      clock: systemClock,
      chance: systemChance,
    })
    open.push(keys)
    const journal = await openSiteJournalReadOnly(file.store, file.site.id, keys)
    open.push(journal)
    const frames = existsSync(`${file.store.path}.frames`) ? openDatabaseReadOnly(`${file.store.path}.frames`) : null
    if (frames) open.push(frames)
    return await work(await tellingOf(file, journal, keys, frames))
  } finally {
    for (const one of open.reverse()) await one.close()
  }
}

async function tellingOf(file: SiteFile, journal: Journal, keys: KeyStore, frames: Database | null): Promise<Telling> {
  const { cards } = (await rebuildRegister(journal)).texts
  return new Telling({
    file,
    views: viewsBeside(file, journal),
    tokenText: (name) => keys.tokenOf(name) ?? cards.get(name) ?? null,
    frames: (chargePointId, before) =>
      frames === null ? [] : readFrames(frames, keys, signedFrames(chargePointId, before)),
  })
}
