import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Where a site's kept state lies: one, or none. Whoever deletes it loses time at the next start, and nothing else. */
export interface KeptShelf {
  read(): Promise<Uint8Array | null>
  /** The whole of it in the place of the one before, or that one stays. */
  write(sealed: Uint8Array): Promise<void>
  drop(): Promise<void>
}

/** A file beside the store: `<store path>.kept`, its owner's alone. */
export const fileShelf = (path: string): KeptShelf => ({
  async read() {
    try {
      return await readFile(path)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw cause
    }
  },
  async write(sealed) {
    const part = `${path}.part`
    try {
      await writeDurably(part, sealed)
      await rename(part, path)
    } catch (cause) {
      // On a full disk half of it would take the last room, which the journal needs.
      await rm(part, { force: true }).catch(() => {})
      throw cause
    }
    // Without this a power cut may bring the one before back, which is as good.
    const folder = await open(dirname(path), 'r')
    await folder.sync().finally(() => folder.close())
  },
  drop: () => rm(path, { force: true }),
})

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
