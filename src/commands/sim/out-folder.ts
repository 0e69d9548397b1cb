import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileTrouble } from '../../file-trouble.ts'

/** Makes the folder that results go into, before anything is run. Answers those that it made, the innermost first, or the sentence that says why it cannot be. */
export function openFolder(folder: string): readonly string[] | string {
  try {
    return makeFolder(resolve(folder))
  } catch (cause) {
    return `The results cannot be written into ${folder}: ${fileTrouble(cause)}`
  }
}

/**
 * Makes a folder and those above it, one after the other: Node's own recursive `mkdir` never ends where a file system lets nobody make
 * one, such as under /proc. Answers what it made, the innermost first. Throws what the file system says.
 */
export function makeFolder(folder: string): string[] {
  if (existsSync(folder)) return []
  const above = makeFolder(dirname(folder))
  mkdirSync(folder)
  return [folder, ...above]
}
