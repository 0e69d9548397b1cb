import { randomBytes, randomInt, scrypt, scryptSync, timingSafeEqual } from 'node:crypto'

/** A password as a site file may hold it: readable (`hex:…` may stand for a binary one), or hashed. */
export type StoredPassword =
  | { readonly kind: 'clear'; readonly spellings: readonly Buffer[] }
  | {
      readonly kind: 'hashed'
      readonly cost: Cost
      readonly salt: Buffer
      readonly digest: Buffer
      /** A binary one: charge points that send its hex text in its place are understood. */
      readonly isBinary: boolean
    }

type Cost = { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number }

const HASHED = /^(hex:)?\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{16,64})\$([A-Za-z0-9+/]{43})$/
const HEX = /^hex:(?:[0-9a-f]{2})+$/i
/** 2^14 rounds of 8 blocks: 16 MB and about 40 ms for each guess. */
const LN = 14
/** A hash that costs more than this would take the machine from its charge points. */
const MOST_LN = 17
const SALT_BYTES = 16
const DIGEST_BYTES = 32
const LETTERS_LONG = 32
/** The longest that OCPP 1.6's AuthorizationKey takes. */
const BINARY_BYTES = 20
/** Letters and digits that nobody takes for each other: installers type them on small keypads. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
const costOf = (ln: number, r: number, p: number): Cost => ({ N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r })

/** Reads what the site file holds; null where it looks like a hash and is none that berth takes. */
export function readPassword(text: string): StoredPassword | null {
  if (!/^(hex:)?\$scrypt\$/.test(text)) {
    const spellings = [Buffer.from(text)]
    if (HEX.test(text)) spellings.push(Buffer.from(text.slice(4), 'hex'))
    return { kind: 'clear', spellings }
  }
  const [, binary, ln = '', r = '', p = '', salt = '', digest = ''] = HASHED.exec(text) ?? []
  const [lnOf, rOf, pOf] = [Number(ln), Number(r), Number(p)]
  if (digest === '' || lnOf < 10 || lnOf > MOST_LN || rOf < 1 || rOf > 16 || pOf < 1 || pOf > 4) return null
  return {
    kind: 'hashed',
    cost: costOf(lnOf, rOf, pOf),
    salt: Buffer.from(salt, 'base64'),
    digest: Buffer.from(digest, 'base64'),
    isBinary: binary !== undefined,
  }
}

/** `$scrypt$ln=14,r=8,p=1$salt$digest` of a password, with a salt of its own; `ln` from 10 to 17, each one twice the work. */
export function hashPassword(password: Buffer, ln = LN): string {
  const salt = randomBytes(SALT_BYTES)
  const digest = scryptSync(password, salt, DIGEST_BYTES, costOf(ln, 8, 1))
  return `$scrypt$ln=${ln},r=8,p=1$${base64(salt)}$${base64(digest)}`
}

/** A new password to enter, and what the site file holds of it. `isBinary`: 20 bytes as 40 hex digits, else 32 letters and digits. */
export function makePassword(isBinary: boolean): { readonly password: string; readonly stored: string } {
  if (isBinary) {
    const bytes = randomBytes(BINARY_BYTES)
    return { password: bytes.toString('hex').toUpperCase(), stored: `hex:${hashPassword(bytes)}` }
  }
  const password = Array.from({ length: LETTERS_LONG }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('')
  return { password, stored: hashPassword(Buffer.from(password)) }
}

/** Is this the password? Takes about 40 ms of another thread for a hashed one. */
export async function isPassword(stored: StoredPassword, given: Buffer): Promise<boolean> {
  if (stored.kind === 'clear') return isClear(stored.spellings, given)
  const found = await new Promise<Buffer>((resolve, reject) =>
    scrypt(meant(stored, given), stored.salt, DIGEST_BYTES, stored.cost, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
  return timingSafeEqual(found, stored.digest)
}

/** The same, at once: a hashed one holds this thread up for about 40 ms. */
export function isPasswordNow(stored: StoredPassword, given: Buffer): boolean {
  if (stored.kind === 'clear') return isClear(stored.spellings, given)
  return timingSafeEqual(scryptSync(meant(stored, given), stored.salt, DIGEST_BYTES, stored.cost), stored.digest)
}

/** 40 hex digits in the place of 20 bytes are those. */
function meant({ isBinary }: { readonly isBinary: boolean }, given: Buffer): Buffer {
  const text = given.toString('latin1')
  return isBinary && /^[0-9a-f]{40}$/i.test(text) ? Buffer.from(text, 'hex') : given
}

const isClear = (spellings: readonly Buffer[], given: Buffer): boolean =>
  spellings.map((one) => same(given, one)).includes(true)

/** Compares in a time that depends on neither content. */
function same(given: Buffer, wanted: Buffer): boolean {
  const padded = Buffer.alloc(wanted.length)
  given.copy(padded)
  return timingSafeEqual(padded, wanted) && given.length === wanted.length
}
