import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

type Fields = { readonly [key: string]: unknown }

/** A call as the back end got it, in order over all its lives. */
export type HeardCall = {
  readonly chargePointId: string
  readonly connection: number
  readonly id: string | number
  readonly action: string
  readonly payload: Fields
  readonly text: string
  answered: boolean
}

/** One transaction as it is billed. */
export type Bill = {
  readonly chargePointId: string
  readonly payer: string
  readonly transactionId: number | string
  readonly begun: string
  samples: number
  ended: boolean
  readonly meterStop: () => unknown
}

/**
 * A central system written from the specification's schemas alone: it knows cards, gives transaction ids, bills, and tells nobody
 * anything. What it has billed outlives its restarts, as it does for a company.
 */
export type ToyUpstream = {
  readonly url: string
  readonly calls: HeardCall[]
  readonly bills: Bill[]
  readonly handshakes: { readonly id: string; readonly authorization: string | undefined; readonly offered: string }[]
  /** Frames as they came, but for calls. */
  readonly others: string[]
  /** Calls a charge point and answers its result; rejects on an error or a lost connection. */
  ask(chargePointId: string, action: string, payload: Fields): Promise<Fields>
  /** Sends a text as it is. */
  sendRaw(chargePointId: string, text: string): void
  connected(chargePointId: string): boolean
  /** Says nothing to any call while true. */
  silent: boolean
  /** Answers calls of this action with an error; null = none. */
  failsAt: string | null
  /** Status for tokens that it does not know. */
  stranger: string
  /** Answers `status` to upgrades instead of letting them in; null = lets in. */
  refuses: number | null
  /** Ends all its connections without a goodbye and stops listening. */
  fail(): Promise<void>
  /** Counts transactions from the first number again. */
  forgetNumbers(): void
  /** Listens again, on the same port. */
  recover(): Promise<void>
  close(): Promise<void>
}

/** Opens one on a free port that knows these cards. */
export async function openToyUpstream(cards: readonly string[]): Promise<ToyUpstream> {
  const upstream = new LiveUpstream(cards)
  await upstream.recover()
  return upstream
}

class LiveUpstream implements ToyUpstream {
  readonly calls: HeardCall[] = []
  readonly bills: Bill[] = []
  readonly handshakes: { id: string; authorization: string | undefined; offered: string }[] = []
  readonly others: string[] = []
  silent = false
  failsAt: string | null = null
  stranger = 'Invalid'
  refuses: number | null = null
  readonly #cards: ReadonlySet<string>
  #port = 0
  #stop: () => Promise<void> = async () => undefined
  #connections = 0
  #asked = 0
  #nextTransaction = 501
  readonly #sockets = new Map<string, WebSocket>()
  readonly #waiting = new Map<string, { resolve: (f: Fields) => void; reject: (e: Error) => void }>()
  readonly #starts = new Map<string, number>()

  constructor(cards: readonly string[]) {
    this.#cards = new Set(cards)
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/csms`
  }

  connected(chargePointId: string): boolean {
    return this.#sockets.has(chargePointId)
  }

  async recover(): Promise<void> {
    const http = createServer()
    const wss = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024, perMessageDeflate: false })
    http.on('upgrade', (request, socket, head) => {
      if (this.refuses !== null) {
        socket.end(`HTTP/1.1 ${this.refuses} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
        return
      }
      wss.handleUpgrade(request, socket, head, (opened) => this.#serve(opened, request))
    })
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject)
      http.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#port = (http.address() as AddressInfo).port
    this.#stop = async () => {
      for (const socket of wss.clients) socket.terminate()
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    }
  }

  forgetNumbers(): void {
    this.#nextTransaction = 501
  }

  async fail(): Promise<void> {
    await this.#stop()
    this.#sockets.clear()
  }

  async close(): Promise<void> {
    await this.fail()
  }

  sendRaw(chargePointId: string, text: string): void {
    this.#sockets.get(chargePointId)?.send(text)
  }

  async ask(chargePointId: string, action: string, payload: Fields): Promise<Fields> {
    const socket = this.#sockets.get(chargePointId)
    if (!socket) throw new Error(`${chargePointId} is not connected to the back end`)
    this.#asked += 1
    const id = `csms-${this.#asked}`
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      socket.send(JSON.stringify([2, id, action, payload]))
    })
  }

  #serve(socket: WebSocket, request: IncomingMessage): void {
    const id = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '')
    this.#connections += 1
    const connection = this.#connections
    const offered = String(request.headers['sec-websocket-protocol'] ?? '')
    this.handshakes.push({ id, authorization: request.headers.authorization, offered })
    this.#sockets.get(id)?.terminate()
    this.#sockets.set(id, socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.get(id) === socket && this.#sockets.delete(id))
    socket.on('message', (data) => this.#hear(socket, id, connection, data.toString()))
  }

  #hear(socket: WebSocket, chargePointId: string, connection: number, text: string): void {
    const frame = parse(text)
    if (frame?.[0] !== 2) this.others.push(text)
    if (frame?.[0] === 3 || frame?.[0] === 4) {
      const waiting = this.#waiting.get(String(frame[1]))
      if (frame[0] === 3) waiting?.resolve(frame[2] as Fields)
      else waiting?.reject(new Error(String(frame[2])))
    }
    if (frame?.[0] !== 2) return
    const [, id, action, payload] = frame as [2, string, string, Fields]
    const call: HeardCall = { chargePointId, connection, id, action, payload, text, answered: false }
    this.calls.push(call)
    if (this.silent) return
    call.answered = true
    if (this.failsAt === action)
      return socket.send(JSON.stringify([4, id, 'InternalError', 'the database is away', {}]))
    socket.send(JSON.stringify([3, id, this.#answer(chargePointId, action, payload ?? {})]))
  }

  #answer(chargePointId: string, action: string, payload: Fields): Fields {
    const now = new Date().toISOString()
    const known = (token: unknown): Fields => ({ status: this.#cards.has(String(token)) ? 'Accepted' : this.stranger })
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', currentTime: now, interval: 300 }
      case 'Heartbeat':
        return { currentTime: now }
      case 'Authorize':
        return payload['idTag'] === undefined
          ? { idTokenInfo: known((payload['idToken'] as Fields | undefined)?.['idToken']) }
          : { idTagInfo: known(payload['idTag']) }
      case 'StartTransaction':
        return { transactionId: this.#begin(chargePointId, payload), idTagInfo: known(payload['idTag']) }
      case 'StopTransaction':
        this.#end(chargePointId, Number(payload['transactionId']), payload['meterStop'])
        return {}
      case 'MeterValues':
        for (const bill of this.bills)
          if (bill.chargePointId === chargePointId && bill.transactionId === payload['transactionId']) bill.samples += 1
        return {}
      case 'TransactionEvent':
        return this.#event(chargePointId, payload)
      default:
        return {}
    }
  }

  /** The same start said again is the same transaction. */
  #begin(chargePointId: string, payload: Fields): number {
    const key = JSON.stringify([
      chargePointId,
      payload['connectorId'],
      payload['idTag'],
      payload['meterStart'],
      payload['timestamp'],
    ])
    const known = this.#starts.get(key)
    if (known !== undefined) return known
    const transactionId = this.#nextTransaction++
    this.#starts.set(key, transactionId)
    this.bills.push(newBill(chargePointId, String(payload['idTag']), transactionId, String(payload['timestamp'])))
    return transactionId
  }

  #end(chargePointId: string, transactionId: number | string, meterStop: unknown): void {
    const bill = this.bills.find((b) => b.chargePointId === chargePointId && b.transactionId === transactionId)
    if (bill) Object.assign(bill, { ended: true, meterStop: () => meterStop })
  }

  #event(chargePointId: string, payload: Fields): Fields {
    const transactionId = String((payload['transactionInfo'] as Fields | undefined)?.['transactionId'])
    const token = (payload['idToken'] as Fields | undefined)?.['idToken']
    const known = this.bills.find((b) => b.chargePointId === chargePointId && b.transactionId === transactionId)
    if (payload['eventType'] === 'Started' && !known)
      this.bills.push(newBill(chargePointId, String(token ?? 'nobody'), transactionId, String(payload['timestamp'])))
    // Where the cable came first, the token comes later.
    if (known?.payer === 'nobody' && token !== undefined) Object.assign(known, { payer: String(token) })
    if (payload['eventType'] === 'Updated' && known) known.samples += 1
    if (payload['eventType'] === 'Ended') this.#end(chargePointId, transactionId, null)
    return token === undefined
      ? {}
      : { idTokenInfo: { status: this.#cards.has(String(token)) ? 'Accepted' : this.stranger } }
  }
}

function newBill(chargePointId: string, payer: string, transactionId: number | string, begun: string): Bill {
  return { chargePointId, payer, transactionId, begun, samples: 0, ended: false, meterStop: () => null }
}

function parse(text: string): readonly unknown[] | null {
  try {
    const frame: unknown = JSON.parse(text)
    return Array.isArray(frame) ? frame : null
  } catch {
    return null
  }
}
