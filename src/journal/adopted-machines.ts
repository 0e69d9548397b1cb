import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Journal, Scribe } from '../../actors/ports.ts'
import { cell } from '../../actors/record-memory.ts'
import type { FactRecord } from '../../machines/record.ts'
import { keepChart, keptChart } from '../chart/kept-charts.ts'
import { sha256 } from './chain.ts'
import { ownInputs, ownMachines } from './machines-bundle.ts'

/** From this record on the machines of this name decide. */
export type Adoption = { readonly seq: number; readonly name: string }

const ADOPTED = 'machines.adopted'
const FORM = /^[0-9a-f]{64}$/

/** The adoption that a record is, or null. */
export function adoptionOf({ seq, stream, cause }: Pick<FactRecord, 'seq' | 'stream' | 'cause'>): Adoption | null {
  const name = cause['bundle']
  const isOne = stream === 'site' && cause.type === ADOPTED && typeof name === 'string' && FORM.test(name)
  return isOne ? { seq, name } : null
}

/** Where the machines that ever wrote a store's records are kept. */
const folderBeside = (storePath: string): string => `${storePath}.machines`

/** The kept machines of this name; null where there are none, or the file was altered. */
export function keptMachines(storePath: string, name: string): string | null {
  const path = join(folderBeside(storePath), `${name}.js`)
  if (!existsSync(path)) return null
  const source = readFileSync(path, 'utf8')
  return sha256(source) === name ? source : null
}

/** The kept drawing of the machines of this name; null where there is none. */
export const keptDrawing = (storePath: string, name: string): string | null => keptChart(folderBeside(storePath), name)

/** Every adoption of a journal, oldest first. */
export async function adoptionsIn(journal: Pick<Journal, 'readStream'>): Promise<readonly Adoption[]> {
  const adoptions: Adoption[] = []
  for (let after = 0; ; ) {
    const page = await journal.readStream('site', after, 1_000)
    for (const record of page) {
      const adoption = adoptionOf(record)
      if (adoption !== null) adoptions.push(adoption)
    }
    const last = page.at(-1)
    if (!last) return adoptions
    after = last.version
  }
}

/**
 * The kept machines that decided in the records after `before` up to `last`, by name: those adopted before that decided on, and those adopted
 * meanwhile.
 */
export function keptBetween(
  adoptions: readonly Adoption[],
  storePath: string,
  before: number,
  last: number,
): Map<string, string> {
  const earlier = adoptions.filter(({ seq }) => seq <= before).slice(-1)
  const machines = new Map<string, string>()
  for (const { name } of [...earlier, ...adoptions.filter(({ seq }) => seq > before && seq <= last)]) {
    const source = machines.has(name) ? null : keptMachines(storePath, name)
    if (source !== null) machines.set(name, source)
  }
  return machines
}

/** The name of the machines that decide by now, as the records say. */
export class NewestMachines {
  #name: string | null = null
  /** What is remembered by records alone. */
  readonly memory = cell(
    () => this.#name,
    (name) => {
      this.#name = name
    },
  )

  get name(): string | null {
    return this.#name
  }

  hear(record: FactRecord): void {
    this.#name = adoptionOf(record)?.name ?? this.#name
  }
}

/**
 * Before these machines decide anything: they are kept beside the store with their drawing, and a record says that they decide from here on. Nothing is
 * written where they wrote last. Rejects with the file system's error, or Fault STORE_UNWRITABLE.
 */
export async function adoptMachines(
  newest: NewestMachines,
  scribe: Scribe,
  storePath: string,
  about: { readonly machine: string; readonly berth: string },
): Promise<void> {
  const name = await keepOwn(storePath)
  keepChart(folderBeside(storePath), name)
  if (newest.name === name) return
  const cause = { type: ADOPTED, bundle: name, ...about, node: process.versions.node }
  await scribe.write([{ stream: 'site', cause, decisions: [], personal: {} }])
}

/** Keeps this berth's own machines, and notes what they were made of: the next start need not make them again. */
async function keepOwn(storePath: string): Promise<string> {
  const inputs = ownInputs()
  const note = join(folderBeside(storePath), 'made-of.json')
  const known = notedName(note, inputs)
  if (known !== null && keptMachines(storePath, known) !== null) return known
  const { name, source } = ownMachines()
  if (keptMachines(storePath, name) === null) await keep(folderBeside(storePath), name, source)
  writeFileSync(note, `${JSON.stringify({ inputs, name })}\n`)
  return name
}

function notedName(note: string, inputs: string): string | null {
  try {
    const made = JSON.parse(readFileSync(note, 'utf8')) as { inputs?: unknown; name?: unknown }
    return made.inputs === inputs && typeof made.name === 'string' && FORM.test(made.name) ? made.name : null
  } catch {
    // None yet, or a crash cut it off: they are made again.
    return null
  }
}

async function keep(folder: string, name: string, source: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const part = join(folder, `${name}.part`)
  const file = await open(part, 'w')
  try {
    await file.writeFile(source)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(part, join(folder, `${name}.js`))
  // It is there for good only once its folder says so.
  const held = await open(folder, 'r')
  try {
    await held.sync()
  } finally {
    await held.close()
  }
}
