/** An event as the double keeps it. `created` in ms since 1970, `position` counts over all streams. */
export type ShelfEvent = {
  readonly stream: string
  readonly revision: number
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly meta: Uint8Array
  readonly created: number
  readonly position: number
}

export type Proposed = Pick<ShelfEvent, 'id' | 'type' | 'contentType' | 'data' | 'meta'>

/** What an append expects of a stream: a revision, or one of KurrentDB's words. */
export type Expected = number | 'any' | 'no-stream' | 'stream-exists'

export type Shelved =
  | { readonly is: 'written'; readonly revision: number; readonly position: number }
  | { readonly is: 'wrong-version'; readonly current: number | null }
  | { readonly is: 'deleted' }
  | { readonly is: 'too-large' }

type Stream = { events: ShelfEvent[]; first: number; tombstone: boolean }

/**
 * Streams as KurrentDB keeps them: revisions from 0, an expected revision, the same ids in the same place written once, links, streams
 * that were cut off, deleted (their revisions go on) or deleted for ever.
 */
export class KurrentShelf {
  readonly all: ShelfEvent[] = []
  /** Bytes of one append. */
  maxAppendSize = 1024 * 1024
  readonly #streams = new Map<string, Stream>()
  readonly #told = new Set<() => void>()

  append(name: string, proposed: readonly Proposed[], expected: Expected): Shelved {
    const stream = this.#stream(name)
    if (stream.tombstone) return { is: 'deleted' }
    if (proposed.reduce((size, { data, meta }) => size + data.length + meta.length, 0) > this.maxAppendSize)
      return { is: 'too-large' }
    const newest = stream.events.length - 1
    const exists = newest >= stream.first
    const repeated = typeof expected === 'number' ? expected : expected === 'no-stream' ? -1 : null
    if (repeated !== null && repeated < newest && this.#isThere(stream, proposed, repeated + 1))
      return { is: 'written', revision: repeated + proposed.length, position: this.all.length }
    const fits =
      expected === 'any' ||
      (expected === 'stream-exists' && exists) ||
      (expected === 'no-stream' && !exists) ||
      expected === newest
    if (!fits) return { is: 'wrong-version', current: exists ? newest : null }
    for (const one of proposed) this.#put(name, stream, one)
    for (const tell of this.#told) tell()
    return { is: 'written', revision: stream.events.length - 1, position: this.all.length }
  }

  /** Null where there is no such stream; `tombstone` where it was deleted for ever. */
  read(name: string): readonly ShelfEvent[] | null | 'tombstone' {
    const stream = this.#streams.get(name)
    if (stream?.tombstone) return 'tombstone'
    if (stream === undefined || stream.events.length <= stream.first) return null
    return stream.events.slice(stream.first)
  }

  /** The event that a link leads to; itself for what is none; null for a link to nothing. */
  follow(event: ShelfEvent): ShelfEvent | null {
    if (event.type !== '$>') return event
    const [revision, name] = splitOnce(Buffer.from(event.data).toString('utf8'))
    const there = this.read(name)
    if (there === null || there === 'tombstone') return null
    return there.find((one) => one.revision === Number(revision)) ?? null
  }

  /** Records before this revision are gone ($tb, $maxCount). */
  truncate(name: string, before: number): void {
    this.#stream(name).first = before
  }

  /** As a deletion: nothing is there, and revisions go on where they were. */
  delete(name: string): void {
    const stream = this.#stream(name)
    stream.first = stream.events.length
  }

  tombstone(name: string): void {
    this.#stream(name).tombstone = true
  }

  /** Another data in an event's place: what no client can do, and somebody with the files can. */
  alter(name: string, revision: number, change: (event: ShelfEvent) => ShelfEvent): void {
    const { events } = this.#stream(name)
    events[revision] = change(events[revision] as ShelfEvent)
  }

  /** Calls `told` after each append until the answer is called. */
  watch(told: () => void): () => void {
    this.#told.add(told)
    return () => this.#told.delete(told)
  }

  #stream(name: string): Stream {
    const known = this.#streams.get(name)
    if (known !== undefined) return known
    const made = { events: [], first: 0, tombstone: false }
    this.#streams.set(name, made)
    return made
  }

  #isThere(stream: Stream, proposed: readonly Proposed[], from: number): boolean {
    return proposed.every(({ id }, index) => stream.events[from + index]?.id === id)
  }

  #put(name: string, stream: Stream, one: Proposed): void {
    const place = { stream: name, revision: stream.events.length, created: Date.now(), position: this.all.length }
    const event = { ...one, ...place }
    stream.events.push(event)
    this.all.push(event)
  }
}

const splitOnce = (text: string): readonly [string, string] => {
  const at = text.indexOf('@')
  return [text.slice(0, at), text.slice(at + 1)]
}
