import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Evidence, KeptCrop } from '../../actors/evidence.ts'
import { Fault } from '../../machines/faults.ts'
import type { KeyStore } from '../privacy/key-store.ts'

type VaultParts = {
  /** `<store path>.crops`: a folder, made at first use. */
  readonly folder: string
  readonly keys: Pick<KeyStore, 'seal' | 'open' | 'flush' | 'destroy'>
  /** A name that was never used: part of a file's name. */
  readonly newRef: () => string
}

const ENDING = '.sealed'
const REF = /^[A-Za-z0-9-]{1,80}$/

/** Crops in files of their own beside the journal, each sealed (AES-256-GCM) under its subject's key. */
export class CropVault implements Evidence {
  readonly #parts: VaultParts

  constructor(parts: VaultParts) {
    this.#parts = parts
  }

  async keep(subject: string, picture: Uint8Array): Promise<KeptCrop | null> {
    const { keys, folder, newRef } = this.#parts
    const sealed = keys.seal(subject, { jpeg: Buffer.from(picture).toString('base64') })
    if (sealed === null) return null
    // A file that no key opens would be of no use, and one whose key is lost could not be told from it.
    keys.flush()
    const bytes = Buffer.from(sealed, 'base64')
    const ref = newRef()
    await this.#write(join(folder, ref), bytes)
    return { ref, sha256: sha256(bytes), bytes: bytes.byteLength }
  }

  async open(subject: string, { ref, sha256: expected }: Pick<KeptCrop, 'ref' | 'sha256'>): Promise<Uint8Array | null> {
    const bytes = await readFile(this.#fileOf(ref)).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return null
      throw unreadable(ref, cause)
    })
    if (bytes === null) return null
    if (sha256(bytes) !== expected) throw unreadable(ref)
    const opened = this.#parts.keys.open(subject, bytes.toString('base64'))
    const jpeg = (opened as { readonly jpeg?: unknown } | undefined)?.jpeg
    return typeof jpeg === 'string' ? Buffer.from(jpeg, 'base64') : null
  }

  destroy(subject: string, refs: readonly string[]): void {
    // The key first: a file that is left behind by a crash is noise already.
    this.#parts.keys.destroy(subject)
    for (const ref of refs) rmSync(this.#fileOf(ref), { force: true })
  }

  sweep(known: ReadonlySet<string>): void {
    let names: readonly string[]
    try {
      names = readdirSync(this.#parts.folder)
    } catch {
      return
    }
    for (const name of names) {
      const ref = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : null
      if (ref === null || !known.has(ref)) rmSync(join(this.#parts.folder, name), { force: true })
    }
  }

  #fileOf(ref: string): string {
    if (!REF.test(ref)) throw unreadable('of a name that berth never gave')
    return join(this.#parts.folder, ref + ENDING)
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    try {
      mkdirSync(this.#parts.folder, { recursive: true, mode: 0o700 })
      const file = await open(`${path}.part`, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(`${path}.part`, path + ENDING)
    } catch (cause) {
      await rm(`${path}.part`, { force: true }).catch(() => {})
      const says = `The crops of plates in ${this.#parts.folder} cannot be written; free disk space or mend its permissions.`
      throw new Fault('STORE_UNWRITABLE', {}, { cause, says })
    }
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const unreadable = (ref: string, cause?: unknown): Fault =>
  new Fault(
    'STORE_CORRUPT',
    { ref },
    { cause, says: `The crop ${ref} is not what was kept; put the folder of crops back from a copy.` },
  )
