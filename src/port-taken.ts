import { Fault } from '../machines/faults.ts'

const LISTEN_ERRORS: { readonly [code: string]: string } = {
  EADDRINUSE: 'the port is taken; stop what listens there',
  EACCES: 'this user may not take the port; give it the right to',
  EADDRNOTAVAIL: 'this machine has no such address; mend it',
  ENOTFOUND: 'there is no such host; mend it',
}

/** Waits for a listener; a port that cannot be taken is Fault SITE_FILE_INVALID with a sentence. */
export async function listens<T>(
  what: 'http' | 'http.intake' | 'http.driver' | 'ocpp' | 'centre',
  at: { host: string; port: number },
  opening: Promise<T>,
): Promise<T> {
  return opening.catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const why = LISTEN_ERRORS[code]
    if (!why) throw cause
    const where = what === 'centre' ? 'with --port' : `in \`${what}\` of the site file`
    const says = `${what} cannot listen on ${at.host}:${at.port}: ${why}, or name another ${where}.`
    throw new Fault('SITE_FILE_INVALID', {}, { cause, says })
  })
}
