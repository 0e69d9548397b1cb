import type { Json } from '../../machines/events.ts'
import { canonicalJson } from '../journal/canonical.ts'
import type { Signer } from '../journal/checkpoint.ts'

/** Ed25519 over the canonical JSON of a package: the public key as 64 hex characters, the signature as base64. */
export type PackageSignature = { readonly algorithm: 'Ed25519'; readonly publicKey: string; readonly value: string }

/** Signs what a person is handed, with the key that signs the journal's checkpoints. */
export function signPackage(signer: Signer, content: Json): PackageSignature {
  const value = signer.sign(Buffer.from(canonicalJson(content))).toString('base64')
  return { algorithm: 'Ed25519', publicKey: signer.publicKey, value }
}
