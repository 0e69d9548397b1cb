import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { canonicalJson } from './canonical.ts'

/** Name and version of a checkpoint's form. */
const CHECKPOINT_FORMAT = 'berth-checkpoint-1'

/** Signed: at `time` (ISO 8601 UTC) the record `seq` of the site had this `hash`, and with it every record before. `key` and `signature` in hex. */
export type Checkpoint = {
  readonly format: typeof CHECKPOINT_FORMAT
  readonly siteId: string
  readonly seq: number
  readonly hash: string
  readonly time: string
  readonly key: string
  readonly signature: string
}

/** Whoever can sign for a site; `publicKey` is the Ed25519 key's 32 bytes in hex, `sign` gives 64 bytes. */
export type Signer = { readonly publicKey: string; sign(message: Buffer): Buffer }

/** Signs that the site's log stood so at this time. */
export function signCheckpoint(
  about: { readonly siteId: string; readonly seq: number; readonly hash: string; readonly time: string },
  signer: Signer,
): Checkpoint {
  const { siteId, seq, hash, time } = about
  const said = { format: CHECKPOINT_FORMAT, siteId, seq, hash, time, key: signer.publicKey } as const
  return { ...said, signature: signer.sign(messageOf(said)).toString('hex') }
}

/** A checkpoint as one line of a file. */
export const checkpointLine = (checkpoint: Checkpoint): string => canonicalJson(checkpoint)

const messageOf = (said: Omit<Checkpoint, 'signature'>): Buffer => Buffer.from(canonicalJson(said))

const NAMES = 'format hash key seq signature siteId time'
const HEX_32 = /^[0-9a-f]{64}$/
const HEX_64 = /^[0-9a-f]{128}$/

/** The checkpoint that a JSON value is, or null. Nothing is checked but its form. */
export function asCheckpoint(value: unknown): Checkpoint | null {
  if (typeof value !== 'object' || value === null) return null
  const one = value as Record<string, unknown>
  const isWhole =
    Object.keys(one).sort().join(' ') === NAMES &&
    one['format'] === CHECKPOINT_FORMAT &&
    typeof one['siteId'] === 'string' &&
    one['siteId'].isWellFormed() &&
    Number.isSafeInteger(one['seq']) &&
    Number(one['seq']) > 0 &&
    typeof one['time'] === 'string' &&
    !Number.isNaN(Date.parse(one['time'])) &&
    matches(one['hash'], HEX_32) &&
    matches(one['key'], HEX_32) &&
    matches(one['signature'], HEX_64)
  return isWhole ? (one as unknown as Checkpoint) : null
}

const matches = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value)

/** What stands before a raw Ed25519 public key in SubjectPublicKeyInfo (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')
const keys = new Map<string, KeyObject | null>()

/** True where the owner of its key signed exactly this. */
export function isSigned({ signature, ...said }: Checkpoint): boolean {
  return isSignedBy(said.key, messageOf(said), Buffer.from(signature, 'hex'))
}

/** True where the owner of this public key (Ed25519, 32 bytes in hex) signed exactly this message. */
export function isSignedBy(publicKey: string, message: Buffer, signature: Buffer): boolean {
  const key = keyOf(publicKey)
  return key !== null && verify(null, message, key, signature)
}

function keyOf(hex: string): KeyObject | null {
  const known = keys.get(hex)
  if (known !== undefined) return known
  if (keys.size > 100) keys.clear()
  const key = openKey(hex)
  keys.set(hex, key)
  return key
}

function openKey(hex: string): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(hex, 'hex')]), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}
