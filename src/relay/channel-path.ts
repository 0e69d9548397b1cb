import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Fault } from '../../machines/faults.ts'

/** Paths of Unix sockets end at 107 bytes on Linux, at 103 on macOS. */
const LONGEST_PATH = 100

/** Where the channel of a relay's file is: beside it, or under a short name in a folder of this user's own where that would be too long for a socket. */
export function channelOf(path: string): string {
  const beside = `${path}.sock`
  if (Buffer.byteLength(beside) <= LONGEST_PATH) return beside
  return join(ownFolder(), `${createHash('sha256').update(path).digest('hex').slice(0, 16)}.sock`)
}

/**
 * Makes the folder for short names, and sees that nobody else can put a socket there: passwords go through it. Nothing for a channel
 * beside its store. Throws Fault STORE_UNWRITABLE where somebody else has the folder.
 */
export function guardChannel(channel: string): void {
  const folder = dirname(channel)
  if (folder !== ownFolder()) return
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(folder)
  const isOurs = lstatSync(folder).isDirectory() && uid === process.getuid?.() && (mode & 0o077) === 0
  if (isOurs) return
  const says = `${folder} is not this user's alone, and passwords go through it; remove it, or give the store a shorter path.`
  throw new Fault('STORE_UNWRITABLE', { path: folder }, { says })
}

const ownFolder = (): string => join(tmpdir(), `berth-${process.getuid?.() ?? 'user'}`)
