import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { Fault } from '../../machines/faults.ts'
import type { Signer } from '../journal/checkpoint.ts'
import { guarded } from '../journal/sqlite-file.ts'
import type { KeyTables } from './key-tables.ts'
import type { VaultGround } from './key-vault.ts'
import { ownedWrite } from './owned-write.ts'
import { unwrap, wrap } from './site-keys.ts'

/** What stands before a raw Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
/** Bytes of a seed, from which key and public key follow. */
const SEED_BYTES = 32
/** Name under which the seed is kept, wrapped under the master key. */
const KEPT_AS = 'signingKey'

/** The signer that a seed of 32 bytes is: the same seed, the same key. */
export function signerOf(seed: Buffer): Signer {
  return signerWith(createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' }))
}

const signerWith = (key: KeyObject): Signer => ({
  publicKey: publicHex(key),
  sign: (message) => sign(null, message, key),
})

/** The signer that a private key is, PEM (PKCS #8) of an Ed25519 key. Throws Fault KEY_UNAVAILABLE. */
export function signerOfPem(pem: string): Signer {
  const says = 'The private key is none of Ed25519 in PEM; `berth register key KEY.pem` makes one.'
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw new Fault('KEY_UNAVAILABLE', {}, { cause, says })
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Fault('KEY_UNAVAILABLE', {}, { says })
  return signerWith(key)
}

/** The last 32 bytes of the public key's DER are the key itself. */
const publicHex = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')

/**
 * The key store's own signer: its seed is made, durably, at first use. `generation` is this owner's: a later one fences it. Throws
 * Fault STORE_UNWRITABLE (nothing can be made in a store that is only read), STORE_FENCED or KEY_UNAVAILABLE.
 */
export function storedSigner(ground: VaultGround, tables: KeyTables, master: KeyObject, generation: number): Signer {
  const { path, random, siteId } = ground
  const bound = Buffer.from(`${siteId}|signing`)
  const kept = guarded(path, () => tables.meta(KEPT_AS))
  if (kept !== null) return signerOf(unwrap(master, bound, Buffer.from(kept, 'base64'), path))
  const seed = Buffer.from(random(SEED_BYTES))
  const wrapped = wrap(master, random, bound, seed).toString('base64')
  ownedWrite(ground, tables, generation, () => tables.setMeta(KEPT_AS, wrapped))
  return signerOf(seed)
}
