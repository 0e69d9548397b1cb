import { Fault } from '../../machines/faults.ts'

/** How much of bodies may be on its way here at once, bytes: of one camera three of the largest, of all together eight. */
const MOST_OF_ONE = 36 << 20
const MOST_OF_ALL = 96 << 20
/** Requests of one camera that may be open at once, however small. */
const MOST_REQUESTS = 64

const SAYS_ONE =
  'This camera sends more at once than berth takes; send one message after another, each once the one before is answered.'
const SAYS_ALL = 'The cameras of this site send more at once than berth takes; send this again in a moment.'

/** Room for what is on its way from cameras. */
export type BodyBudget = {
  /** Takes room for a body of so many bytes, until the function that it gives is called. Throws Fault READER_BUSY where there is none. */
  take(cameraId: string, bytes: number): () => void
}

/** Keeps uploads that come slowly, or never end, from filling the memory of the site, and one camera from taking the room of all. */
export function bodyBudget(): BodyBudget {
  const held = new Map<string, { bytes: number; requests: number }>()
  let all = 0
  return {
    take(cameraId, bytes) {
      const mine = held.get(cameraId) ?? { bytes: 0, requests: 0 }
      if (mine.requests >= MOST_REQUESTS || mine.bytes + bytes > MOST_OF_ONE)
        throw new Fault('READER_BUSY', { cameraId }, { says: SAYS_ONE })
      if (all + bytes > MOST_OF_ALL) throw new Fault('READER_BUSY', { cameraId }, { says: SAYS_ALL })
      held.set(cameraId, { bytes: mine.bytes + bytes, requests: mine.requests + 1 })
      all += bytes
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        all -= bytes
        const now = held.get(cameraId)
        if (!now) return
        if (now.requests <= 1) held.delete(cameraId)
        else held.set(cameraId, { bytes: now.bytes - bytes, requests: now.requests - 1 })
      }
    },
  }
}

/** Bytes that a request may come to: what it promises, or all that is allowed where it promises nothing. */
export function promisedBytes(length: string | undefined, most: number): number {
  const bytes = Number(length)
  return length === undefined || !(bytes >= 0) ? most : Math.min(bytes, most)
}
