import type { KurrentDBClient, ResolvedEvent } from '@kurrent/kurrentdb-client'
import { Fault } from '../../machines/faults.ts'
import type { FoundEvent, NewEvent } from './kurrent-event.ts'
import { inTime, type Outcome, PATIENCE, type Patience, pause } from './server-append.ts'

/** Which events of a stream: `from` a revision onwards, or the newest; links are followed where `follow` says so. */
export type Asked = { readonly from: number | 'newest'; readonly count: number; readonly follow?: true }

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 2_000
/** So long a call to a server that did not answer last time is tried. */
const WHILE_AWAY_MS = 1_000
const FIRST_KEEP_MS = 250
const LONGEST_KEEP_MS = 15_000

/** The way to one KurrentDB server or cluster. One append at a time; whoever needs more opens another line. */
export class KurrentLine {
  readonly patience: Patience
  /** The address without user and password, for sentences. */
  readonly shown: string
  readonly #url: string
  #client: Promise<KurrentDBClient> | null = null
  #closed = false
  /** The last call came to nothing. */
  #away = false
  /** When the client was made last, and how long it is kept at least: one that is thrown away leaves something behind in its native half. */
  #madeAt = Number.NEGATIVE_INFINITY
  #keep_ms = 0
  #hasRead = false

  constructor(url: string, patience: Patience = PATIENCE) {
    this.#url = url
    this.patience = patience
    this.shown = shownUrl(url)
  }

  /** Until when a call is tried again: not as long for whoever is known to be away. */
  until(): number {
    const { whole } = this.patience
    return performance.now() + (this.#away ? Math.min(whole / 2, WHILE_AWAY_MS) : whole)
  }

  /**
   * Appends all or none behind the revision `after` (-1: the stream must not be there yet). Throws a Fault only where this try wrote nothing
   * for certain; an earlier one of the same events whose outcome was `unsure` may have been kept all the same, or land yet.
   */
  async append(stream: string, events: readonly NewEvent[], after: number): Promise<Outcome> {
    try {
      const [client, { binaryEvent, jsonEvent }] = await Promise.all([this.#connected(), library()])
      const made = events.map(({ id, type, data, meta, link }) =>
        link === undefined
          ? jsonEvent({ id, type, data: data as Record<string, unknown>, ...(meta ? { metadata: { ...meta } } : {}) })
          : binaryEvent({ id, type, data: Buffer.from(link) }),
      )
      const streamState = after < 0 ? ('no_stream' as const) : BigInt(after)
      await inTime(client.appendToStream(stream, made, { streamState }), this.patience.call)
      this.#answered()
      return { is: 'done' }
    } catch (cause) {
      if (kindOf(cause) === 'wrong-expected-version') return { is: 'wrong' }
      this.#renew(cause)
      const refused = this.#refusal(cause, stream)
      if (refused !== null) throw refused
      return { is: 'unsure', cause }
    }
  }

  /** Reads events, oldest first; null where there is no such stream. Tries again while the server is away; then Fault STORE_UNREACHABLE. */
  async read(stream: string, asked: Asked): Promise<FoundEvent[] | null> {
    const until = this.until()
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        return await this.#readOnce(stream, asked)
      } catch (cause) {
        if (kindOf(cause) === 'stream-not-found') {
          this.#answered()
          this.#hasRead = true
          return null
        }
        this.#renew(cause)
        const refused = this.#refusal(cause, stream)
        if (refused !== null) throw refused
        if (this.#closed || performance.now() + wait > until) throw this.unreachable(cause)
      }
      await pause(wait)
    }
  }

  /** Nobody answers there. */
  unreachable(cause: unknown): Fault {
    this.#away = true
    const says = `KurrentDB at ${this.shown} does not answer; start it, or check \`store.url\` and the network between.`
    return new Fault('STORE_UNREACHABLE', { at: this.shown }, { cause, says })
  }

  async close(): Promise<void> {
    this.#closed = true
    const client = this.#client
    this.#client = null
    await client?.then((one) => one.dispose()).catch(() => {})
  }

  async #readOnce(stream: string, { from, count, follow }: Asked): Promise<FoundEvent[]> {
    const client = await this.#connected()
    const found: FoundEvent[] = []
    const newest = from === 'newest'
    const events = client.readStream(stream, {
      direction: newest ? 'backwards' : 'forwards',
      fromRevision: newest ? 'end' : BigInt(from),
      maxCount: count,
      requiresLeader: true,
      resolveLinkTos: follow ?? false,
    })
    const iterator = events[Symbol.asyncIterator]()
    for (;;) {
      const next = await inTime(iterator.next(), this.patience.call)
      if (next.done) {
        this.#answered()
        this.#hasRead = true
        return newest ? found.reverse() : found
      }
      const event = foundEvent(next.value)
      if (event !== null) found.push(event)
    }
  }

  #answered(): void {
    this.#away = false
    this.#keep_ms = 0
  }

  async #connected(): Promise<KurrentDBClient> {
    this.#client ??= this.#connect()
    return this.#client
  }

  async #connect(): Promise<KurrentDBClient> {
    const { KurrentDBClient: Client } = await library()
    this.#madeAt = performance.now()
    this.#hasRead = false
    try {
      return Client.connectionString(this.#url)
    } catch (cause) {
      this.#client = null
      throw new Fault('STORE_UNREACHABLE', {}, { cause, says: addressTrouble(this.shown) })
    }
  }

  /**
   * Makes the client anew at the next call, and leaves to the old one what hangs in it. One whose reading half was ever connected finds its
   * way back by itself; one that was made while the server was away never does.
   */
  #renew(cause: unknown): void {
    if (this.#hasRead && HEALS.has(kindOf(cause))) return
    if (performance.now() - this.#madeAt < this.#keep_ms) return
    this.#keep_ms = Math.min(Math.max(this.#keep_ms * 2, FIRST_KEEP_MS), LONGEST_KEEP_MS)
    const client = this.#client
    this.#client = null
    void client?.then((one) => one.dispose()).catch(() => {})
  }

  /** A certain no, in one sentence; null where the server may have done it, or may do it later. */
  #refusal(cause: unknown, stream: string): Fault | null {
    if (cause instanceof Fault) return cause
    const about = { at: this.shown, stream }
    const kind = kindOf(cause)
    if (kind === 'access-denied') {
      const says = `KurrentDB at ${this.shown} refuses the user or password of \`store.url\`, or the user may not use ${stream}; check both.`
      return new Fault('STORE_UNREACHABLE', about, { cause, says })
    }
    if (kind === 'stream-deleted' || kind === 'stream-tombstoned') {
      const says = `The stream ${stream} on ${this.shown} was deleted for ever; restore the server from a backup, or begin anew under another site id.`
      return new Fault('STORE_CORRUPT', about, { cause, says })
    }
    if (kind === 'maximum-append-size-exceeded' || kind === 'append-record-size-exceeded') {
      const says = `KurrentDB at ${this.shown} takes no append of this size; raise its MaxAppendSize (docs/stores.md), or write less at once.`
      return new Fault('STORE_UNWRITABLE', about, { cause, says })
    }
    return null
  }
}

/** Loaded by whoever uses it, and by nobody else: it brings a native part and its own HTTP/2. */
const library = () => import('@kurrent/kurrentdb-client')

/** After these a client connects anew by itself. */
const HEALS: ReadonlySet<string> = new Set(['unavailable', 'cancelled', 'not-leader'])

/** The client's own name for what went wrong. */
function kindOf(cause: unknown): string {
  const type = cause instanceof Error ? (cause as { type?: unknown }).type : undefined
  return typeof type === 'string' ? type : ''
}

/** Links that lead nowhere are left out. */
function foundEvent({ event }: ResolvedEvent): FoundEvent | null {
  if (event === undefined) return null
  const { streamId, revision, id, type, data, metadata } = event
  return { stream: streamId, revision: Number(revision), id, type, data, meta: metadata }
}

/** The address as people may see it: without user, password and options. */
const shownUrl = (url: string): string =>
  url
    .replace(/^([a-z+]+:\/\/)[^@/?]*@/i, '$1')
    .replace(/\?.*$/, '')
    .replace(/\/+$/, '')

const addressTrouble = (shown: string): string =>
  `\`store.url\` (${shown}) is not an address of KurrentDB; write kurrentdb://USER:PASSWORD@HOST:2113, with ?tls=false for a server without certificates.`
