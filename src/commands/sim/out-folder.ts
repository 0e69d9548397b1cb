import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileTrouble } from '../../file-trouble.ts'

/** Makes the folder that results go into, before anything is run. Answers null, or the sentence that says why it cannot be. */
export function folderTrouble(folder: string): string | null {
  try {
    makeFolder(resolve(folder))
    return null
  } catch (cause) {
    return `The results cannot be written into ${folder}: ${fileTrouble(cause)}`
  }
}

/**
 * Makes a folder and those above it, one after the other: Node's own recursive `mkdir` never ends where a file system lets nobody make
 * one, such as under /proc. Throws what the file system says.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}
