import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Journal, Scribe } from '../../actors/ports.ts'
import type { FactRecord } from '../../machines/record.ts'
import { sha256 } from './chain.ts'
import type { MachinesBundle } from './machines-bundle.ts'

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
 * Before these machines decide anything: they are kept beside the store, and a record says that they decide from here on. Nothing is
 * written where they wrote last. Rejects with the file system's error, or Fault STORE_UNWRITABLE.
 */
export async function adoptMachines(
  journal: Pick<Journal, 'readStream'>,
  scribe: Scribe,
  storePath: string,
  { name, source }: MachinesBundle,
  about: { readonly machine: string; readonly berth: string },
): Promise<void> {
  if (keptMachines(storePath, name) === null) await keep(storePath, name, source)
  if ((await adoptionsIn(journal)).at(-1)?.name === name) return
  const cause = { type: ADOPTED, bundle: name, ...about, node: process.versions.node }
  await scribe.write([{ stream: 'site', cause, decisions: [], personal: {} }])
}

async function keep(storePath: string, name: string, source: string): Promise<void> {
  const folder = folderBeside(storePath)
  mkdirSync(folder, { recursive: true })
  const part = join(folder, `${name}.part`)
  const file = await open(part, 'w')
  try {
    await file.write(source)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(part, join(folder, `${name}.js`))
}
