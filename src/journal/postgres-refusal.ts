import { Fault } from '../../machines/faults.ts'

/** What the server or the line said: its code (SQLSTATE, or Node's), and how bad it is. */
type Said = { readonly code: string; readonly severity: string; readonly message: string }

/** Certain refusals by SQLSTATE: the fault, and what follows `PostgreSQL at …`. */
const REFUSALS: { readonly [code: string]: readonly [string, string] } = {
  '28P01': ['STORE_UNREACHABLE', 'refuses the user or password of `store.url`; check both.'],
  '28000': [
    'STORE_UNREACHABLE',
    'lets this user in from nowhere here (pg_hba.conf), or not without TLS; check `store.url`.',
  ],
  '3D000': ['STORE_UNREACHABLE', 'has no database of this name; make it (`createdb`), or check `store.url`.'],
  '42501': [
    'STORE_UNREACHABLE',
    'does not let this user do that; let the user own the schema `berth`, or give it CREATE on the database once (docs/stores.md).',
  ],
  '25006': [
    'STORE_UNWRITABLE',
    'is read-only: a standby, or set so; name the primary in `store.url`. Automatic starts are off meanwhile.',
  ],
  '53100': ['STORE_UNWRITABLE', 'has a full disk; make room there. Automatic starts are off meanwhile.'],
  '54000': ['STORE_UNWRITABLE', 'takes no append of this size; write less at once.'],
  '42P01': [
    'STORE_CORRUPT',
    'has no tables of berth any more in the schema `berth`; restore the database from a backup.',
  ],
  '3F000': ['STORE_CORRUPT', 'has no schema `berth` any more; restore the database from a backup.'],
  '42703': [
    'STORE_CORRUPT',
    'has other tables in the schema `berth` than berth makes; restore the database from a backup.',
  ],
}

/** Errors that pass: the same again may succeed. Shutting down, starting up, too many clients, cancelled, deadlock. */
const PASSING = /^(57|53300|53200|40|55P03|08)/

const CERTIFICATE = /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS|ERR_SSL|HOSTNAME)/

/** A certain no, in one sentence; null where the server may have done it, may do it later, or was not reached. */
export function postgresRefusal(cause: unknown, shown: string): Fault | null {
  if (cause instanceof Fault) return cause
  const { code, severity, message } = said(cause)
  const about = { at: shown }
  const fault = (name: string, says: string) =>
    new Fault(name as 'STORE_UNREACHABLE', about, { cause, says: `PostgreSQL at ${shown} ${says}` })
  const known = REFUSALS[code]
  if (known !== undefined) return fault(...known)
  if (/password must be a|no password/i.test(message))
    return fault('STORE_UNREACHABLE', 'asks for a password; write it into `store.url`, best from the environment.')
  if (CERTIFICATE.test(code))
    return fault(
      'STORE_UNREACHABLE',
      `shows a certificate that does not hold here (${code}); name its authority with sslrootcert.`,
    )
  if (/does not support SSL/.test(message))
    return fault(
      'STORE_UNREACHABLE',
      'speaks no TLS; set it up there, or write ?sslmode=disable where the line is safe.',
    )
  if (severity !== 'ERROR' || PASSING.test(code)) return null
  return fault(
    'STORE_UNWRITABLE',
    `refuses (${code}: ${message}); mend what it names. Automatic starts are off meanwhile.`,
  )
}

/** Why there was no answer, in a few words. */
export function whyNot(cause: unknown): string {
  const { code, message } = said(cause)
  return code === '' || message.includes(code) ? message : `${code}: ${message}`
}

function said(cause: unknown): Said {
  const one = (cause ?? {}) as { code?: unknown; severity?: unknown; message?: unknown }
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return { code: text(one.code), severity: text(one.severity), message: text(one.message) }
}
