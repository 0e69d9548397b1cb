import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { REPLACED } from '../../actors/ocpp/charge-point-link.ts'
import { CallLane } from './call-lane.ts'
import type { ChargePointRelayParts } from './charge-point-relay-parts.ts'
import { DebtCredentials } from './debt-credentials.ts'
import { DownwardPath } from './downward-path.ts'
import { readCallFrame } from './frame-reading.ts'
import { type FrameHead, scanHead } from './frame-scan.ts'
import { OwnCalls } from './own-calls.ts'
import type { FrameCopy, RelayState } from './relay-news.ts'
import { RelaySocket } from './relay-socket.ts'
import { TransactionQueue } from './transaction-queue.ts'
import type { UpstreamLine } from './upstream-line.ts'
import { newUpstreamLine } from './upstream-naming.ts'
import { UpwardCalls } from './upward-calls.ts'
import { UpwardPath } from './upward-path.ts'

/** One charge point and its back end: the newest socket of the charge point, the line that is dialled for it, and what flows between. */
export class ChargePointRelay {
  readonly #parts: ChargePointRelayParts
  readonly #lane: CallLane
  readonly #queue: TransactionQueue
  readonly #path: UpwardPath
  /** Berth's own calls. */
  readonly calls: OwnCalls
  readonly #down: DownwardPath
  readonly #upward: UpwardCalls
  #socket: RelaySocket | null = null
  #line: UpstreamLine | null = null
  #connection = 0
  #since = 0
  /** Handshakes that the back end has not judged. */
  #knocks = 0
  readonly #debts: DebtCredentials
  #epochs = 0
  #protocol = ''

  constructor(parts: ChargePointRelayParts) {
    this.#parts = parts
    this.#debts = new DebtCredentials(parts)
    const { chargePointId, store, seqs, counters, clock, prefix } = parts
    this.#lane = new CallLane(clock, counters, prefix, (data) => this.#toChargePoint(data))
    this.#queue = new TransactionQueue(chargePointId, store, seqs, counters)
    this.#upward = new UpwardCalls(clock, (text) => this.#path.quiet && (this.#line?.send(text) ?? false))
    this.calls = new OwnCalls(parts, this.#lane, this.#upward, {
      present: () => this.#socket !== null,
      upstream: () => this.#line?.open ?? false,
    })
    const connection = (): number => (this.#socket ? this.#connection : 0)
    this.#down = new DownwardPath({
      ...parts,
      lane: this.#lane,
      connection,
      send: (data, isText) => void this.#toChargePoint(data, isText),
      copy: (...frame) => this.#copy(...frame),
    })
    this.#path = new UpwardPath({
      ...parts,
      queue: this.#queue,
      order: this.#down.order,
      epoch: () => (this.#line?.open ? this.#line.epoch : 0),
      send: (data, isText) => this.#line?.send(data, isText) ?? false,
      hangUp: () => this.#line?.socket?.terminate(),
      connection,
      since: () => this.#since,
      reply: (data, local) => {
        const copy = (): void => this.#copy(local ? 'local' : 'down', data.toString())
        // The copy of the call that it answers comes first.
        if (local) queueMicrotask(copy)
        else copy()
        this.#toChargePoint(data)
      },
    })
  }

  /** How it stands. */
  get state(): RelayState['chargePoints'][number] {
    return {
      id: this.#parts.chargePointId,
      online: this.#socket !== null,
      upstream: this.#line?.open ?? false,
      epoch: this.#connection,
      protocol: this.#protocol,
      owed: this.#queue.unsent.length + this.#queue.sent.length,
      dialled: this.#line !== null,
    }
  }

  /** A line to the back end in the charge point's name, for somebody who knocks: ends with `connect` or `turnedAway`. */
  async newLine(authorization: string | undefined, protocols: readonly string[]): Promise<UpstreamLine> {
    this.#knocks += 1
    // A line that only pays old debts would stand in the way of its successor's name; a stranger does not end it.
    if (!this.#socket && this.#debts.are(authorization)) {
      await this.#path.restDebts()
      if (!this.#socket) this.#hangUp(1001, 'the charge point is back')
    }
    return this.#lineFor(authorization, protocols)
  }

  /** Whoever knocked does not come in: what is owed is paid as before. */
  turnedAway(): void {
    this.#knocks -= 1
    this.payDebts()
  }

  /** Pays what is owed while the charge point is not there, where its credentials are known. */
  payDebts(): void {
    const known = this.#socket || this.#line || this.#knocks > 0 || this.#path.idle ? null : this.#debts.known()
    if (!known) return
    this.#line = this.#lineFor(known.authorization, [])
    this.#line.start(known.protocol)
    this.#line.keepDialling()
  }

  #lineFor(authorization: string | undefined, protocols: readonly string[]): UpstreamLine {
    const line: UpstreamLine = newUpstreamLine(this.#parts, authorization, protocols, {
      nextEpoch: () => {
        this.#epochs += 1
        return this.#epochs
      },
      ears: {
        open: () => this.#line === line && this.#lineOpened(),
        lost: () => this.#line === line && this.#lineLost(),
        other: (protocol) => this.#line === line && this.#spoken(line, protocol),
        tooLarge: () => this.#tooLarge('back-end'),
        frame: (data, isText, epoch) => {
          if (this.#line === line && line.epoch === epoch) this.#guarded(() => this.#fromUpstream(data, isText, line))
        },
      },
    })
    return line
  }

  /** The back end speaks another version than its charge point was let in with: it comes again, and they agree. */
  #spoken(line: UpstreamLine, protocol: string): void {
    this.#parts.memory.letIn(this.#parts.chargePointId, line.authorization, protocol)
    this.#socket?.close(1012, `the back end speaks ${protocol}`)
  }

  /** The charge point is in: its former socket is closed with 4001, its former line given up. */
  connect(socket: WebSocket, raw: Duplex, line: UpstreamLine, protocol: string): void {
    const { clock, counters, chargePointId, news } = this.#parts
    if (this.#socket) counters.add('replaced')
    this.#socket?.close(REPLACED.code, REPLACED.reason)
    this.#chargePointGone()
    this.#hangUp(1001, 'a newer connection of the charge point took over')
    this.#knocks -= 1
    this.#debts.were(line.authorization, protocol)
    this.#connection += 1
    this.#since = clock.now()
    this.#protocol = protocol
    counters.add('connections')
    const live: RelaySocket = new RelaySocket(socket, raw, clock, counters, {
      frame: (data, isText) => {
        if (this.#socket === live) this.#guarded(() => this.#fromChargePoint(data, isText))
      },
      gone: (code, reason) => this.#socket === live && this.#socketGone(code, reason),
      tooLarge: () => this.#tooLarge('charge-point'),
    })
    this.#socket = live
    this.#line = line
    news({ event: 'online', chargePointId, epoch: this.#connection, protocol })
    if (line.open) this.#lineOpened()
    else {
      this.#path.lost()
      this.#path.declareAway()
    }
    line.start(protocol)
  }

  /** What was paid before this moment is forgotten. */
  forgetBefore(moment: number): void {
    this.#queue.forgetBefore(moment)
  }

  /** Messages that bear this alias are not kept longer than the back end is owed them. To be called within the store's `forget`. */
  forget(alias: string): void {
    this.#queue.forgetText(alias)
  }

  /** The relay stops. */
  close(): void {
    this.#path.close()
    this.#socket?.close(1001, 'the relay stops')
    this.#lane.dropAll()
    this.#socket = null
    this.#line?.close(1001, 'the relay stops')
    this.#line = null
  }

  #fromChargePoint(data: Buffer, isText: boolean): void {
    this.#parts.counters.add('frames_up')
    if (isText) this.#heard(data)
    else this.#path.pass(data, false)
    if (this.#socket) this.#line?.socket?.throttle(this.#socket)
    if (this.#queue.crowded) this.#socket?.holdWhile(() => this.#queue.crowded)
  }

  #heard(data: Buffer): void {
    const text = data.toString()
    const head = scanHead(text)
    if (head?.type === 3 || head?.type === 4) return this.#answerHeard(text, data, head)
    const reading = readCallFrame(text, head)
    const rewritten = reading ? this.#path.call(text, data, reading) : null
    if (!reading) this.#path.pass(data, true)
    this.#copy('up', text, rewritten)
  }

  #answerHeard(text: string, data: Buffer, head: FrameHead): void {
    const asker = this.#lane.settle(head.id, text, this.#line?.epoch ?? 0)
    if (asker === 'own') return this.#copy('own', text)
    this.#copy('up', text)
    // Whoever asked is gone; the back end's new connection has not.
    if (asker === 'former-upstream') return this.#parts.counters.add('answers_dropped')
    this.#path.pass(data, true)
  }

  #fromUpstream(data: Buffer, isText: boolean, line: UpstreamLine): void {
    this.#parts.counters.add('frames_down')
    const text = isText ? data.toString() : ''
    const head = isText ? scanHead(text) : null
    if (head?.type === 2) this.#down.called(text, data, head, line)
    else if (head?.id.startsWith(this.#parts.prefix)) {
      // An answer to a call of berth's own: also a late one is nobody else's.
      if (!this.#upward.settle(head.id, text)) this.#parts.counters.add('calls_own_late')
    } else if (head && (head.type === 3 || head.type === 4) && this.#path.answered(head, text, data)) {
      this.#hangUpPaid()
    } else this.#down.pass(text, data, isText)
    if (line.socket) this.#socket?.throttle(line.socket)
  }

  #lineOpened(): void {
    this.#parts.news({ event: 'upstream', chargePointId: this.#parts.chargePointId, up: true })
    this.#path.opened()
    this.#hangUpPaid()
  }

  #lineLost(): void {
    this.#parts.news({ event: 'upstream', chargePointId: this.#parts.chargePointId, up: false })
    this.#lane.dropUpstream()
    this.#upward.drop()
    this.#path.lost()
    this.#hangUpPaid()
  }

  #socketGone(code: number, reason: string): void {
    this.#chargePointGone()
    // The back end shall see what it would see without us, once it has got what is its own.
    if (this.#path.idle) this.#hangUp(code, reason)
  }

  #chargePointGone(): void {
    if (!this.#socket) return
    const { chargePointId, news } = this.#parts
    this.#socket = null
    this.#lane.dropAll()
    this.#path.chargePointGone()
    news({ event: 'offline', chargePointId, epoch: this.#connection })
  }

  /** The charge point is gone and nothing is owed any more. */
  #hangUpPaid(): void {
    if (!this.#socket && this.#path.idle) this.#hangUp(1001, 'the charge point is gone')
  }

  #hangUp(code: number, reason: string): void {
    const line = this.#line
    this.#line = null
    if (!line) return
    line.close(code, reason)
    this.#lineLost()
  }

  #toChargePoint(data: string | Buffer, isText = true): boolean {
    if (typeof data === 'string' && data.startsWith(`[2,"${this.#parts.prefix}`)) this.#copy('own', data)
    return this.#socket?.send(data, isText) ?? false
  }

  #tooLarge(from: 'charge-point' | 'back-end'): void {
    this.#parts.news({ event: 'frame.too-large', chargePointId: this.#parts.chargePointId, from })
  }

  #copy(direction: FrameCopy['direction'], text: string, rewritten: string | null = null): void {
    const { chargePointId, news } = this.#parts
    const copy = { event: 'frame', chargePointId, direction, text, epoch: this.#connection } as const
    news(rewritten === null ? copy : { ...copy, rewritten })
  }

  /** A frame that we cannot handle must not take the others with it. */
  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      const { counters, log, chargePointId } = this.#parts
      counters.add('surprises')
      log({ level: 'warn', says: `A frame of ${chargePointId} was lost: ${String(error)}`, about: {} })
    }
  }
}
