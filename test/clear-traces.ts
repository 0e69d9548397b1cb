import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** What must stand nowhere in clear: texts of plates, and pictures. */
export type Secrets = { readonly plates: readonly string[]; readonly pictures: readonly Uint8Array[] }

/** Heads that a file of a camera or of our reader begins with. */
const HEADS = [
  Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46]),
  Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43, 0x00]),
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
]
const PIECE = 18
const MOST_PIECES = 20

/** Where a plate or a picture stands in these bytes: raw, as base64 in any alignment, as hex; one line each. */
export function tracesIn(name: string, bytes: Buffer, { plates, pictures }: Secrets): string[] {
  const found: string[] = []
  const look = (what: string, piece: Buffer): void => {
    for (const [how, needle] of spellings(piece)) if (bytes.includes(needle)) found.push(`${name}: ${what} as ${how}`)
  }
  for (const plate of plates) {
    look(`the plate ${plate}`, Buffer.from(plate))
    if (bytes.includes(Buffer.from(plate, 'utf16le'))) found.push(`${name}: the plate ${plate} as UTF-16`)
  }
  for (const [index, picture] of pictures.entries())
    for (const piece of pieces(picture)) look(`picture ${index}`, piece)
  for (const head of HEADS) look('the head of a picture', head)
  return [...new Set(found)]
}

/** The same for every file under a folder; packed ones are unpacked first. */
export function tracesUnder(folder: string, secrets: Secrets): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(folder, name)
    if (!statSync(path).isFile()) return []
    const bytes = readFileSync(path)
    return tracesIn(name, name.endsWith('.gz') ? gunzipSync(bytes) : bytes, secrets)
  })
}

/** An error with all that hangs on it, as anybody who logs it may print it. */
export function deepText(error: unknown): Buffer {
  const seen = new Set<unknown>()
  const text = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return String(value)
    if (seen.has(value)) return ''
    seen.add(value)
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
    return Reflect.ownKeys(value)
      .map((key) => `${String(key)}: ${text((value as { readonly [name: string | symbol]: unknown })[key])}`)
      .join('\n')
  }
  return Buffer.from(text(error))
}

/** Parts of a picture that no other file holds by chance: its tables are every JPEG's, and bare walls are runs of one byte. */
function pieces(picture: Uint8Array): Buffer[] {
  const bytes = Buffer.from(picture)
  const found: Buffer[] = []
  for (
    let from = Math.floor(bytes.length / 8);
    from + PIECE <= bytes.length && found.length < MOST_PIECES;
    from += PIECE
  ) {
    const piece = bytes.subarray(from, from + PIECE)
    if (new Set(piece).size >= PIECE - 3) found.push(piece)
  }
  return found
}

function spellings(piece: Buffer): (readonly [string, Buffer | string])[] {
  // Cut where the neighbours' bits would show.
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), piece])
      .toString('base64')
      .replace(/=+$/, '')
    return whole.slice(shift === 0 ? 0 : shift + 1, (piece.length + shift) % 3 === 0 ? undefined : -1)
  })
  const hex = piece.toString('hex')
  return [
    ['bytes', piece],
    ...base64.map((text) => ['base64', text] as const),
    ['hex', hex],
    ['hex', hex.toUpperCase()],
  ]
}
