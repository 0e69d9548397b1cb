import type { Server } from 'node:http'
import type { Server as TlsServer } from 'node:tls'
import { type FastifyInstance, type FastifyServerOptions, fastify } from 'fastify'
import { SECURITY_HEADERS } from './answers.ts'
import { sendProblem } from './bay-routes.ts'
import { followCertificate, type HttpTls, tlsOptions } from './http-tls.ts'
import { problemOf } from './problem.ts'

/** Where a server listens; port 0 = any free one, `tls` null = plain HTTP. */
export type ListenAt = { readonly host: string; readonly port: number; readonly tls: HttpTls | null }
/** A server that listens. */
export type HttpServer = {
  readonly url: string
  readonly port: number
  readonly server: Server
  close(): Promise<void>
}

/**
 * A request may take half a minute, ms. Its head must have less: where it had more, Node would take the one figure for the other; and left to
 * itself Node looks twice a minute only.
 */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 }

/** A server that has no routes yet: whoever is slow with head or body is closed. Throws Fault SITE_FILE_INVALID for a certificate that does not hold. */
export function patientApp(tls: HttpTls | null, options: FastifyServerOptions): FastifyInstance {
  return fastify({
    // Fastify's types part HTTP from HTTPS; the routes are the same.
    ...((tls ? { https: { ...tlsOptions(tls), ...PATIENCE } } : { http: PATIENCE }) as object),
    logger: false,
    requestTimeout: PATIENCE.requestTimeout,
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => {
      // No hook runs here, so nobody else ends the socket of an upgrade: it would outlive the server's close.
      const { socket } = request.raw
      if (request.raw.headers.upgrade !== undefined) reply.raw.once('finish', () => socket.end(() => socket.destroy()))
      reply.headers(SECURITY_HEADERS)
      sendProblem(reply, problemOf(error))
    },
    ...options,
  })
}

/** Listens, and takes renewed certificates. Rejects with the listener's own error when the port is taken; the server is closed then. */
export async function listenOn(
  app: FastifyInstance,
  { host, port, tls }: ListenAt,
  warn: (sentence: string) => void,
): Promise<HttpServer> {
  await app.listen({ host, port }).catch(async (error: unknown) => {
    // Its feeds have timers: left open they would keep the process alive.
    await app.close()
    throw error
  })
  const address = app.server.address()
  const at = typeof address === 'object' && address !== null ? address.port : port
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const ends = tls ? followCertificate(tls, app.server as unknown as TlsServer, warn) : () => {}
  const close = (): Promise<void> => {
    ends()
    return app.close()
  }
  return {
    url: `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${at}`,
    port: at,
    server: app.server,
    close,
  }
}
