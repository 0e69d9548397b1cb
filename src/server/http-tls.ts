import type { Server as TlsServer } from 'node:tls'
import { Fault } from '../../machines/faults.ts'
import { readTlsFiles, stampOf } from '../ocpp/tls-files.ts'

/** PEM files of a server's certificate chain and its key. */
export type HttpTls = { readonly cert: string; readonly key: string }

const LOOK_ms = 10_000
const OLDEST = 'TLSv1.2'

/** What a TLS server is opened with. Throws Fault SITE_FILE_INVALID with a sentence about the file that does not hold. */
export function tlsOptions(files: HttpTls): {
  readonly cert: Buffer
  readonly key: Buffer
  readonly minVersion: 'TLSv1.2'
} {
  try {
    const { cert, key } = readTlsFiles({ ...files, clientCa: null })
    return { cert, key, minVersion: OLDEST }
  } catch (cause) {
    throw new Fault('SITE_FILE_INVALID', {}, { cause, says: cause instanceof Error ? cause.message : String(cause) })
  }
}

/** Takes a renewed certificate without a restart: new connections get it, open ones stay. One that does not hold is told, and the old one goes on. Answers what ends it. */
export function followCertificate(
  files: HttpTls,
  server: Pick<TlsServer, 'setSecureContext'>,
  told: (says: string) => void,
): () => void {
  const all = { ...files, clientCa: null }
  let stamp = stampOf(all)
  const timer = setInterval(() => {
    const now = stampOf(all)
    if (now === stamp) return
    stamp = now
    try {
      server.setSecureContext(tlsOptions(files))
      told(`The certificate ${files.cert} was renewed.`)
    } catch (fault) {
      told(
        `The certificate ${files.cert} was not taken, the old one goes on: ${fault instanceof Error ? fault.message : String(fault)}`,
      )
    }
  }, LOOK_ms)
  timer.unref()
  return () => clearInterval(timer)
}
