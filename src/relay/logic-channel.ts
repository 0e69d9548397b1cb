import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import type { Clock } from '../../actors/ports.ts'
import { guardChannel } from './channel-path.ts'
import type { CopyRing } from './copy-ring.ts'
import type { LogicDesk } from './logic-desk.ts'
import { readLogicWord } from './logic-word.ts'
import type { RelayCounters } from './relay-counters.ts'
import type { RelayLine } from './relay-news.ts'

export type LogicChannelOptions = {
  /** Where the Unix socket is made; what lies there is replaced. */
  readonly path: string
  readonly clock: Clock
  readonly ring: CopyRing
  readonly desk: LogicDesk
  readonly counters: RelayCounters
  /** A logic that takes nothing for so long is cut off, ms. Default 30 s. */
  readonly stalledFor_ms?: number
}

export type LogicChannel = {
  /** There is something new in the ring. */
  nudge(): void
  close(): Promise<void>
}

/** Lines of news in one turn, and words of the logic in one turn: frames come between. */
const LINES_A_TURN = 400
const TOGETHER_MS = 3
const WORDS_A_TURN = 50
const MOST_WAITING_WORDS = 1_000
const MOST_LINE = 2 * 1024 * 1024
const MOST_UNREAD = 8 * 1024 * 1024

/**
 * The door for berth's logic: a Unix socket, JSON lines both ways (see relay-news.ts). News are read from the ring as fast as the
 * logic takes them; whoever is slow misses the oldest and is told how many. Nothing that happens here makes a frame wait.
 */
export async function openLogicChannel(options: LogicChannelOptions): Promise<LogicChannel> {
  let present: LogicPeer | null = null
  const peers = new Set<LogicPeer>()
  const server = createServer((socket) => {
    const peer: LogicPeer = new LogicPeer(socket, options, () => {
      options.counters.add('logic_connections')
      // One logic at a time: the newest. Whoever only looks whether somebody listens takes nobody's place.
      if (present !== peer) present?.end()
      present = peer
    })
    peers.add(peer)
    socket.once('close', () => {
      peers.delete(peer)
      if (present === peer) present = null
    })
  })
  guardChannel(options.path)
  rmSync(options.path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.path, () => {
      server.off('error', reject)
      resolve()
    })
  })
  server.on('error', () => options.counters.add('surprises'))
  chmodSync(options.path, 0o600)
  return {
    nudge: () => present?.nudge(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const peer of peers) peer.end()
      await closed
    },
  }
}

/** One connected logic. */
class LogicPeer {
  readonly #socket: Socket
  readonly #options: LogicChannelOptions
  readonly #words: string[] = []
  readonly #calls = new Set<string>()
  /** Number of the last news that was written; null before its hello. */
  #cursor: number | null = null
  #begun = ''
  #nudged = false
  #pumped = 0
  #reading = false
  #disarm: (() => void) | null = null

  readonly #greeted: () => void

  constructor(socket: Socket, options: LogicChannelOptions, greeted: () => void) {
    this.#greeted = greeted
    this.#socket = socket
    this.#options = options
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => this.#take(String(chunk)))
    socket.on('drain', () => {
      this.#disarm?.()
      this.#disarm = null
      this.#pump()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#gone())
  }

  nudge(): void {
    if (this.#nudged || this.#cursor === null) return
    this.#nudged = true
    const pump = (): void => {
      this.#nudged = false
      this.#pumped = performance.now()
      this.#pump()
    }
    // A write costs the same for one line and for many: under load they wait for each other.
    if (performance.now() - this.#pumped < TOGETHER_MS) setTimeout(pump, TOGETHER_MS)
    else setImmediate(pump)
  }

  end(): void {
    this.#socket.destroy()
  }

  #take(chunk: string): void {
    const lines = (this.#begun + chunk).split('\n')
    this.#begun = lines.pop() ?? ''
    if (this.#begun.length > MOST_LINE) return this.end()
    this.#words.push(...lines)
    if (this.#words.length > MOST_WAITING_WORDS) this.#socket.pause()
    this.#read()
  }

  #read(): void {
    if (this.#reading) return
    this.#reading = true
    setImmediate(() => {
      this.#reading = false
      for (const line of this.#words.splice(0, WORDS_A_TURN)) this.#hear(line)
      if (this.#words.length > 0) this.#read()
      else this.#socket.resume()
    })
  }

  #hear(line: string): void {
    const { counters, desk } = this.#options
    if (line.trim() === '') return
    const read = readLogicWord(line)
    if (!read.ok) {
      counters.add('logic_words_bad')
      return this.#write({ ref: read.ref, ok: false, says: read.says })
    }
    const { word } = read
    if (word.do === 'hello') return this.#greet(word.ref, word.run, word.after)
    // Who only asks how it stands takes nobody's place.
    if (this.#cursor === null && word.do !== 'state' && word.do !== 'stop')
      return this.#write({ ref: word.ref, ok: false, says: 'Say hello first.' })
    if (word.do === 'heard' && this.#cursor !== null) this.#options.ring.hear(Math.min(word.n, this.#cursor))
    if (word.do === 'call') this.#calls.add(word.ref)
    try {
      desk.hear(
        word,
        (answer) => {
          if (word.do === 'call') this.#calls.delete(word.ref)
          this.#write({ ...answer, ref: word.ref })
        },
        () => this.#write({ event: 'turn', call: word.ref }),
      )
    } catch (error) {
      counters.add('surprises')
      this.#write({ ref: word.ref, ok: false, says: `The relay could not do that: ${String(error)}` })
    }
  }

  #greet(ref: string, run: string | null, after: number): void {
    const { desk, ring } = this.#options
    this.#greeted()
    const state = desk.state()
    this.#write({ ref, ok: true, state })
    this.#cursor = run === state.run ? Math.min(after, ring.last) : ring.heard
    this.#pump()
  }

  #pump(): void {
    const { ring, counters } = this.#options
    if (this.#cursor === null || this.#socket.destroyed) return
    if (this.#socket.writableNeedDrain) return this.#watch()
    const lasting = ring.lastingAfter(this.#cursor)
    for (const line of lasting) this.#write(line)
    const dropped = ring.oldest - 1 - this.#cursor - lasting.length
    if (dropped > 0) {
      counters.add('copies_dropped', dropped)
      this.#write({ event: 'gap', dropped, after: this.#cursor, before: ring.oldest })
    }
    this.#cursor = Math.max(this.#cursor, ring.oldest - 1)
    const lines = ring.after(this.#cursor, LINES_A_TURN)
    const last = lines.at(-1)
    if (!last) return
    this.#cursor = last.n
    this.#socket.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    if (this.#cursor < ring.last) this.nudge()
  }

  /** It does not read: cut off after a while, so that it learns of it. */
  #watch(): void {
    const { clock, stalledFor_ms = 30_000 } = this.#options
    this.#disarm ??= clock.after(stalledFor_ms, () => this.end())
  }

  #write(line: RelayLine): void {
    if (this.#socket.destroyed) return
    this.#socket.write(`${JSON.stringify(line)}\n`)
    if (this.#socket.writableLength > MOST_UNREAD) this.end()
  }

  /** Calls that have not left are taken back: nobody is there to take them back when the car leaves. */
  #gone(): void {
    this.#disarm?.()
    this.#words.length = 0
    for (const call of this.#calls) this.#options.desk.forsake(call)
    this.#calls.clear()
  }
}
