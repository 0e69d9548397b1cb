import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'

/** Where random bytes come from: the operating system, or a test's seed. */
export type RandomBytes = (count: number) => Buffer

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM. Answers nonce ‖ ciphertext ‖ tag; `bound` (what the bytes belong to) must be given again to open them. */
export function encrypt(key: KeyObject, nonce: Buffer, bound: Buffer, clear: string | Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(bound)
  const body = typeof clear === 'string' ? cipher.update(clear, 'utf8') : cipher.update(clear)
  cipher.final()
  return Buffer.concat([nonce, body, cipher.getAuthTag()], NONCE_BYTES + body.length + TAG_BYTES)
}

/** The clear bytes, or null when key, `bound` or bytes are not those that were sealed. */
export function decrypt(key: KeyObject, bound: Buffer, sealed: Buffer): Buffer | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(bound)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  const clear = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES))
  try {
    decipher.final()
    return clear
  } catch {
    return null
  }
}

/** Random bytes from the operating system, fetched in large pieces: one call a piece, not one a nonce. */
export function systemRandom(): RandomBytes {
  let pool = Buffer.alloc(0)
  let used = 0
  return (count) => {
    if (used + count > pool.length) {
      // A new buffer each time: pieces handed out earlier stay what they were.
      pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(8_192, count)))
      used = 0
    }
    used += count
    return pool.subarray(used - count, used)
  }
}
