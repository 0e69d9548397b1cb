import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { asCheckpoint, type Checkpoint, checkpointLine } from './checkpoint.ts'

/** Where a store's checkpoints stand. */
export const checkpointsBeside = (storePath: string): string => `${storePath}.checkpoints.jsonl`

/** Checkpoints, and the numbers of lines that hold none (cut off, or damaged). */
type ReadCheckpoints = { readonly checkpoints: readonly Checkpoint[]; readonly unreadable: readonly number[] }

/** Checkpoints of a file, in its order. A file that is not there has none. */
export function readCheckpoints(path: string): ReadCheckpoints {
  return checkpointsIn(existsSync(path) ? readFileSync(path, 'utf8') : '')
}

/** The same of a file's text. */
export function checkpointsIn(text: string): ReadCheckpoints {
  const checkpoints: Checkpoint[] = []
  const unreadable: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue
    const checkpoint = asCheckpoint(parsed(line))
    if (checkpoint === null) unreadable.push(index + 1)
    else checkpoints.push(checkpoint)
  }
  return { checkpoints, unreadable }
}

/** Adds checkpoints to a file; they are on disk when it resolves. A line that a crash cut off stays alone. Rejects with the file system's error. */
export async function appendCheckpoints(path: string, checkpoints: readonly Checkpoint[]): Promise<void> {
  const file = await open(path, 'a+')
  try {
    const { size } = await file.stat()
    const end = size === 0 ? null : (await file.read({ buffer: Buffer.alloc(1), position: size - 1 })).buffer[0]
    await file.write(`${end === null || end === 10 ? '' : '\n'}${checkpoints.map(checkpointLine).join('\n')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
