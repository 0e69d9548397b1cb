import { createSecretKey, type KeyObject } from 'node:crypto'
import { decrypt, encrypt, type RandomBytes } from './cipher.ts'
import { keyed } from './key-periods.ts'
import type { SiteKeys } from './site-keys.ts'

/** Seals what is kept beside the journal, under a key that only this key store can make. What is personal in it is sealed by itself, under each subject's own. */
export class KeptSeal {
  readonly #key: KeyObject
  readonly #bound: Buffer
  readonly #random: RandomBytes

  constructor(siteId: string, { lasting, storeId }: SiteKeys, random: RandomBytes) {
    this.#key = createSecretKey(keyed(lasting, 'kept', storeId), 'base64url')
    this.#bound = Buffer.from(`${siteId}|kept`)
    this.#random = random
  }

  seal(clear: Uint8Array): Buffer {
    return encrypt(this.#key, this.#random(12), this.#bound, Buffer.from(clear))
  }

  /** What was sealed, all of it; null where the bytes were altered, or another key store sealed them. */
  open(sealed: Uint8Array): Buffer | null {
    return decrypt(this.#key, this.#bound, Buffer.from(sealed))
  }
}
