/** Addresses that belong together: one (`192.0.2.7`), or all that begin alike (`10.1.0.0/16`, `2001:db8::/32`). */
export type AddressRange = { readonly family: 4 | 6; readonly value: bigint; readonly prefix: number }

const BITS = { 4: 32, 6: 128 } as const

/** Reads an address or a range in CIDR form; null where it is neither. */
export function addressRange(text: string): AddressRange | null {
  const [address = '', prefixText, ...more] = text.trim().split('/')
  const read = readAddress(address)
  if (!read || more.length > 0) return null
  const bits = BITS[read.family]
  if (prefixText === undefined) return { ...read, prefix: bits }
  const prefix = /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : Number.POSITIVE_INFINITY
  return prefix <= bits ? { ...read, prefix } : null
}

/** Whether the address lies in one of the ranges. One that cannot be read lies in none. */
export function isWithin(address: string, ranges: readonly AddressRange[]): boolean {
  const asked = readAddress(address)
  return (
    asked !== null &&
    ranges.some(({ family, value, prefix }) => {
      const rest = BigInt(BITS[family] - prefix)
      return family === asked.family && value >> rest === asked.value >> rest
    })
  )
}

type Address = Pick<AddressRange, 'family' | 'value'>

/** An IPv4 peer of an IPv6 listener (`::ffff:192.0.2.7`) is the IPv4 address that it is; a link-local zone (`%eth0`) is left out. */
function readAddress(text: string): Address | null {
  const bare = text.replace(/%.*$/, '').toLowerCase()
  if (!bare.includes(':')) return fours(bare)
  const six = sixes(bare)
  if (six === null) return null
  return six >> 32n === 0xffffn ? { family: 4, value: six & 0xffffffffn } : { family: 6, value: six }
}

function fours(text: string): Address | null {
  const parts = text.split('.')
  const fine = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  return fine ? { family: 4, value: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) } : null
}

function sixes(text: string): bigint | null {
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return null
  const left = groupsOf(head)
  const right = tail === undefined ? [] : groupsOf(tail)
  if (left === null || right === null) return null
  const missing = 8 - left.length - right.length
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  return [...left, ...Array.from({ length: missing }, () => 0n), ...right].reduce((sum, one) => (sum << 16n) | one, 0n)
}

/** Groups of 16 bits; the last two may be written as an IPv4 address. */
function groupsOf(text: string): bigint[] | null {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    const four = index === parts.length - 1 && part.includes('.') ? fours(part) : null
    if (four) groups.push(four.value >> 16n, four.value & 0xffffn)
    else if (/^[0-9a-f]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`))
    else return null
  }
  return groups
}
