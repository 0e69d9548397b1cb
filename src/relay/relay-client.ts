import { connect, type Socket } from 'node:net'
import type { Clock } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { CallEnd, Gap, LogicWord, Numbered, RelayAnswer, RelayLine, RelayNews, RelayState } from './relay-news.ts'

export type RelayClientOptions = {
  /** The relay's Unix socket. */
  readonly channel: string
  readonly clock: Clock
  /** Hears every piece of news in order, once; a gap says what is missing. What it throws ends nothing. */
  readonly hear: (news: Numbered<RelayNews> | Gap) => void
  /** The relay has greeted us, and stands like this. What nobody heard of it before follows as news. */
  readonly greeted?: (state: RelayState) => void
  /** The connection to the relay is gone. */
  readonly lost?: () => void
  /** Nobody listens on the channel: start a relay, or let it be. */
  readonly revive?: () => Promise<void>
  /** First pause before it connects again, ms; doubles up to 5 s. Default 100. */
  readonly redial_ms?: number
}

/** A call of berth's own that is under way. */
export type RelayCall = {
  /** Never rejects: a relay that went away is `silent`. */
  readonly end: Promise<CallEnd>
  /** True where the charge point has not got it and will not. */
  withdraw(): Promise<boolean>
}

type Unanswered = {
  readonly word: LogicWord
  readonly resolve: (answer: RelayAnswer) => void
  readonly reject: (fault: Fault) => void
  /** Told again to the next connection. */
  readonly stays: boolean
}

type Word = LogicWord extends infer One ? (One extends LogicWord ? Omit<One, 'ref'> : never) : never

const LONGEST_PAUSE_MS = 5_000

/** The logic's end of the channel: connects again by itself, and goes on after the last news that it has heard. */
export class RelayClient {
  readonly #options: RelayClientOptions
  readonly #unanswered = new Map<string, Unanswered>()
  #socket: Socket | null = null
  #greeted = false
  #closed = false
  #held = false
  #refs = 0
  #run: string | null = null
  #heard = 0
  #pause: number
  #disarm: () => void = () => undefined
  /** Calls that are asked for when their turn comes. */
  readonly #mayLeave = new Map<string, () => boolean>()

  constructor(options: RelayClientOptions) {
    this.#options = options
    this.#pause = options.redial_ms ?? 100
    this.#connect()
  }

  /** The relay has greeted us on the present connection. */
  get connected(): boolean {
    return this.#greeted
  }

  /** It has left for good. */
  get closed(): boolean {
    return this.#closed
  }

  /** Makes a token known; resolves when it is durable. Rejects with Fault CHARGE_POINT_OFFLINE where there is no relay, STORE_UNWRITABLE where its disk failed: do not start then. */
  async put(token: {
    /** Where alone it means anything. */
    readonly chargePointId: string
    /** The EVSEs (1.6: connectors) there that it is good at; absent or none = all. */
    readonly evses?: readonly number[]
    readonly token: string
    readonly alias: string
    readonly startId: string
    /** Whose it is, for `forget`. */
    readonly subject?: string
  }): Promise<void> {
    await this.#ask({ do: 'token.put', ...token })
  }

  /** A token is dead; told again until a relay has written it down. */
  async bury(token: string): Promise<void> {
    await this.#ask({ do: 'token.dead', token }, true)
  }

  /** What charge points must show from now on, by their ids; told again until a relay has heard it. */
  async passwords(passwords: { readonly [chargePointId: string]: string }): Promise<void> {
    await this.#ask({ do: 'passwords', passwords }, true)
  }

  /** Nothing of this subject stays in the relay's file, but what is still owed to the back end; told again until it is done. */
  async forget(subject: string): Promise<void> {
    await this.#ask({ do: 'subject.forget', subject }, true)
  }

  /** Calls a charge point. `deadline`: never sent after, ms since 1970. */
  call(call: {
    readonly chargePointId: string
    readonly action: string
    readonly payload: object
    readonly deadline: number
    readonly answerWithin_ms: number
    /** Asked in the moment before it leaves; absent = it may. */
    readonly mayLeave?: () => boolean
  }): RelayCall {
    const ref = this.#nextRef()
    const { mayLeave, ...plain } = call
    if (mayLeave) this.#mayLeave.set(ref, mayLeave)
    const word = { do: 'call', ref, ...plain, ...(mayLeave ? { asks: true } : {}) } as const
    const asked = this.#askAs(ref, word, false).finally(() => this.#mayLeave.delete(ref))
    const end = asked.then(
      (answer): CallEnd => (answer.ok && answer.end ? answer.end : { kind: 'silent', why: 'the relay did not say' }),
      (fault: Fault): CallEnd =>
        fault.about['sent'] === false
          ? { kind: 'never', why: 'offline' }
          : { kind: 'silent', why: 'the relay went away' },
    )
    const withdraw = async (): Promise<boolean> => {
      const answer = await this.#ask({ do: 'withdraw', call: ref })
      return answer.ok && answer.withdrawn === true
    }
    return { end, withdraw }
  }

  /** Calls the back end in a charge point's name. Never rejects. */
  async callUpward(call: {
    readonly chargePointId: string
    readonly action: string
    readonly payload: object
    readonly answerWithin_ms: number
  }): Promise<CallEnd> {
    const answer = await this.#ask({ do: 'upward', ...call }).catch(() => null)
    return answer?.ok && answer.end ? answer.end : { kind: 'silent', why: 'the relay did not say' }
  }

  /** News up to this number are dealt with: they are not told to a logic that begins anew. */
  heard(n: number): void {
    this.#write({ do: 'heard', ref: this.#nextRef(), n })
  }

  /** How the relay stands. Rejects as `put` does. */
  async state(): Promise<RelayState> {
    const answer = await this.#ask({ do: 'state' })
    if (answer.ok && answer.state) return answer.state
    throw new Fault('NOT_FOUND', { channel: this.#options.channel })
  }

  /** Nothing is read while it is held: the relay keeps what is new, and says what it had to drop. */
  hold(held: boolean): void {
    this.#held = held
    if (held) this.#socket?.pause()
    else this.#socket?.resume()
  }

  /** Asks the relay to end; it does so with all its connections. */
  async stop(): Promise<void> {
    this.#closed = true
    await this.#ask({ do: 'stop' })
  }

  /** Leaves; the relay goes on. */
  close(): void {
    this.#closed = true
    this.#disarm()
    this.#socket?.destroy()
    this.#drop(true)
  }

  async #ask(word: Word, stays = false): Promise<RelayAnswer> {
    const ref = this.#nextRef()
    return this.#askAs(ref, { ...word, ref } as LogicWord, stays)
  }

  async #askAs(ref: string, word: LogicWord, stays: boolean): Promise<RelayAnswer> {
    if (!this.#greeted && !stays) throw absent({ sent: false })
    const answer = await new Promise<RelayAnswer>((resolve, reject) => {
      this.#unanswered.set(ref, { word, resolve, reject, stays })
      this.#write(word)
    })
    if (!answer.ok) throw new Fault('STORE_UNWRITABLE', { word: word.do }, { says: answer.says })
    return answer
  }

  #nextRef(): string {
    this.#refs += 1
    return `${this.#refs}`
  }

  #write(word: LogicWord): void {
    if (this.#greeted) this.#socket?.write(`${JSON.stringify(word)}\n`)
  }

  #connect(): void {
    const socket = connect(this.#options.channel)
    this.#socket = socket
    socket.setEncoding('utf8')
    let begun = ''
    let refused = false
    socket.on('connect', () => {
      if (this.#held) socket.pause()
      const hello: LogicWord = { do: 'hello', ref: 'hello', run: this.#run, after: this.#heard }
      socket.write(`${JSON.stringify(hello)}\n`)
    })
    socket.on('data', (chunk) => {
      const lines = (begun + String(chunk)).split('\n')
      begun = lines.pop() ?? ''
      for (const line of lines) this.#hear(line)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refused = error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
    })
    socket.on('close', () => void this.#lost(socket, refused))
  }

  async #lost(socket: Socket, refused: boolean): Promise<void> {
    if (this.#socket !== socket) return
    const was = this.#greeted
    this.#greeted = false
    this.#drop(false)
    if (was) this.#options.lost?.()
    if (this.#closed) return
    // A relay that cannot be started is tried again with the next connect.
    if (refused) await this.#options.revive?.().catch(() => undefined)
    if (this.#closed) return
    this.#disarm = this.#options.clock.after(this.#pause, () => this.#connect())
    this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2)
  }

  #hear(text: string): void {
    const line = parse(text)
    // Only a relay sends such lines; a half one comes of a relay that was killed in the middle of it.
    if (!line) return
    if ('ref' in line) return this.#answered(line)
    if (line.event === 'turn') {
      const go = this.#mayLeave.get(line.call)?.() ?? false
      return this.#write({ do: 'go', ref: this.#nextRef(), call: line.call, go })
    }
    if (line.event === 'gap') this.#heard = line.before - 1
    else this.#heard = line.n
    try {
      this.#options.hear(line)
    } catch {
      // Whoever hears has its own ways to say that it could not.
    }
  }

  #answered(answer: RelayAnswer): void {
    if (answer.ref === 'hello') return this.#greet(answer)
    const asked = this.#unanswered.get(answer.ref)
    this.#unanswered.delete(answer.ref)
    asked?.resolve(answer)
  }

  #greet(answer: RelayAnswer): void {
    const run = answer.ok ? (answer.state?.run ?? null) : null
    if (run !== this.#run) this.#heard = 0
    this.#run = run
    this.#greeted = true
    this.#pause = this.#options.redial_ms ?? 100
    for (const { word } of this.#unanswered.values()) this.#write(word)
    if (answer.ok && answer.state) this.#options.greeted?.(answer.state)
  }

  #drop(all: boolean): void {
    for (const [ref, asked] of this.#unanswered) {
      if (asked.stays && !all) continue
      this.#unanswered.delete(ref)
      asked.reject(absent({ sent: true }))
    }
  }
}

function parse(text: string): RelayLine | null {
  try {
    const line: unknown = JSON.parse(text)
    return typeof line === 'object' && line !== null && ('ref' in line || 'event' in line) ? (line as RelayLine) : null
  } catch {
    return null
  }
}

function absent(about: { readonly sent: boolean }): Fault {
  const says = 'The relay between the charge points and their back end cannot be reached; it is being started again.'
  return new Fault('CHARGE_POINT_OFFLINE', about, { says })
}
