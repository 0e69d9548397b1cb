import { open } from 'node:fs/promises'
import { type Source, unreadable } from './site-source.ts'

/** A real site of 10,000 bays takes about half of this. */
const MOST_BYTES = 8 * 1024 * 1024

/** The file's text, or why there is none. Reads one byte more than it takes, however large the file is. */
export async function readSiteText(path: string): Promise<string | Source> {
  try {
    const file = await open(path, 'r')
    try {
      const bytes = new Uint8Array(MOST_BYTES + 1)
      let size = 0
      while (size < bytes.length) {
        const { bytesRead } = await file.read(bytes, size, bytes.length - size)
        if (bytesRead === 0) break
        size += bytesRead
      }
      return textOf(bytes.subarray(0, size))
    } finally {
      await file.close()
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    return unreadable(READ_ERRORS[code ?? ''] ?? `it cannot be read (${code ?? 'unknown'})`)
  }
}

function textOf(bytes: Uint8Array): string | Source {
  if (bytes.length > MOST_BYTES) return unreadable('the file is larger than 8 MB')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? unreadable('this is not text') : text
  } catch {
    return unreadable('this is not text (UTF-8)')
  }
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder',
  EACCES: 'it may not be read',
}
