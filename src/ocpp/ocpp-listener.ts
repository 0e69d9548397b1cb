import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket, type Server as TlsServer } from 'node:tls'
import type { OcppCounters, OcppLog } from '../../actors/ocpp/ocpp-counters.ts'
import { readTlsFiles, stampOf, type TlsContent, type TlsFiles } from './tls-files.ts'

/** TLS of the charge points' server; `port` null: on the one port, which then takes nothing else. */
export type OcppTls = TlsFiles & { readonly port: number | null }

export type ListenerParts = {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly tls: OcppTls | null
  readonly counters: OcppCounters
  readonly log: OcppLog
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

const PATIENCE = { noDelay: true, headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 2_000 }
/** Connections that the system may hold until we take them: all of a large site at one moment. Who finds no place there tries again after a second, then two, four, eight. */
const BACKLOG = 16_384
/** How often the certificate's files are looked at, ms. */
const LOOK_ms = 5_000

/** The sockets that charge points knock at: ours, not the library's, so that a path is judged before its code sees it. */
export class OcppListener {
  readonly #parts: ListenerParts
  readonly #plain: Server | null
  readonly #tls: (TlsServer & Server) | null
  readonly #looking: NodeJS.Timeout | null
  #stamp = ''
  #cert: Buffer = Buffer.alloc(0)
  /** Connections that have shown a certificate. */
  readonly #certified = new Set<TLSSocket>()

  /** Throws an Error with one sentence where the certificate's files do not hold. */
  constructor(parts: ListenerParts) {
    this.#parts = parts
    const { tls } = parts
    this.#plain = tls?.port === null ? null : this.#prepared(createServer(PATIENCE, notHere))
    this.#tls = tls === null ? null : this.#openTls(tls)
    this.#looking = tls === null ? null : setInterval(() => this.#look(tls), LOOK_ms).unref()
  }

  /** Port without TLS; null where there is none. */
  get port(): number | null {
    return portOf(this.#plain)
  }

  /** The server without TLS; null where there is none. */
  get server(): Server | null {
    return this.#plain
  }

  /** Port with TLS; null where there is none. */
  get tlsPort(): number | null {
    return portOf(this.#tls)
  }

  /** Rejects with the system's error where a port cannot be taken. */
  async listen(): Promise<void> {
    const { host, port, tls } = this.#parts
    if (this.#plain) await this.#listens(this.#plain, host, port)
    if (this.#tls) await this.#listens(this.#tls, host, tls?.port ?? port)
  }

  /** Reads the certificate's files anew: new connections get the new one, open ones stay. One that does not hold is not taken. */
  reload(): void {
    const { tls, log } = this.#parts
    if (!tls || !this.#tls) return
    this.#stamp = stampOf(tls)
    try {
      const content = readTlsFiles(tls)
      this.#tls.setSecureContext(content)
      this.#cutRevoked(content)
      // The list of revoked ones may be new all the same, and is taken.
      const isKnown = content.cert.equals(this.#cert)
      this.#cert = content.cert
      if (isKnown) return
      const until = new Date(content.validTo).toISOString().slice(0, 10)
      log({ level: 'warn', says: `Charge points get the new certificate, valid until ${until}.`, about: {} })
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      log({ level: 'warn', says: `The certificate of before goes on: ${why}`, about: {} })
    }
  }

  /** Whoever came in with a certificate that has been taken back since goes. */
  #cutRevoked({ revokes }: TlsContent): void {
    for (const socket of this.#certified) {
      const { raw, subject } = socket.getPeerCertificate()
      if (!raw || !revokes(raw)) continue
      const who = `${subject?.CN ?? 'A charge point'} (${socket.remoteAddress ?? 'gone'})`
      const says = `${who}: its certificate is on the list of revoked ones now; its connection is closed.`
      this.#parts.log({ level: 'warn', says, about: {} })
      socket.destroy()
    }
  }

  /** Those without TLS, and those without a certificate, are nobody's to take back. */
  #noteCertificate(socket: Duplex): void {
    if (!(socket instanceof TLSSocket) || !socket.getPeerCertificate().raw) return
    this.#certified.add(socket)
    socket.once('close', () => this.#certified.delete(socket))
  }

  async close(): Promise<void> {
    if (this.#looking) clearInterval(this.#looking)
    await Promise.all([this.#plain, this.#tls].map(closed))
  }

  #openTls(tls: OcppTls): TlsServer & Server {
    this.#stamp = stampOf(tls)
    const content = readTlsFiles(tls)
    this.#cert = content.cert
    const server = createTlsServer(
      {
        ...PATIENCE,
        ...content,
        minVersion: 'TLSv1.2',
        handshakeTimeout: 10_000,
        // Asked for, judged at the upgrade: charge points with a password have none.
        requestCert: content.ca !== undefined,
        rejectUnauthorized: false,
      },
      notHere,
    )
    server.on('tlsClientError', (_error, socket) => {
      this.#parts.counters.add('refused_tls')
      socket.destroy()
    })
    return this.#prepared(server)
  }

  #look(tls: OcppTls): void {
    if (stampOf(tls) !== this.#stamp) this.reload()
  }

  #prepared<S extends Server>(server: S): S {
    const { counters, upgrade } = this.#parts
    server.on('clientError', (_error, socket) => {
      counters.add('refused_malformed')
      if (!socket.writable) return void socket.destroy()
      // A peer that never closes its own end would keep it for ever.
      socket.once('finish', () => socket.destroy())
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    })
    server.on('upgrade', (request, socket, head) => {
      this.#noteCertificate(socket)
      upgrade(request, socket, head)
    })
    return server
  }

  async #listens(server: Server, host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host, backlog: BACKLOG }, () => {
        server.off('error', reject)
        resolve()
      })
    })
    server.on('error', (error) =>
      this.#parts.log({ level: 'warn', says: 'The charge point port had an error.', about: { error: String(error) } }),
    )
  }
}

async function closed(server: Server | null): Promise<void> {
  if (!server?.listening) return
  const gone = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await gone
}

const portOf = (server: Server | null): number | null => (server ? (server.address() as AddressInfo).port : null)

const notHere: RequestListener = (request, response) => {
  const known = (request.url ?? '').startsWith('/ocpp/')
  response.writeHead(known ? 426 : 404, {
    'content-type': 'text/plain; charset=utf-8',
    ...(known ? { upgrade: 'websocket' } : {}),
  })
  response.end('Charge points connect here with a WebSocket to /ocpp/{chargePointId}.\n')
}
