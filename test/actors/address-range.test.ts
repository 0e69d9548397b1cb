import { describe, expect, test } from 'vitest'
import { addressRange, isWithin } from '../../actors/address-range.ts'
import { fc } from '../seeded-check.ts'

const within = (address: string, ...ranges: string[]): boolean =>
  isWithin(
    address,
    ranges.map((text) => {
      const range = addressRange(text)
      if (!range) throw new Error(`${text} is no range`)
      return range
    }),
  )

describe('addresses that may push', () => {
  test('one address is itself and nobody else', () => {
    expect(within('192.0.2.7', '192.0.2.7')).toBe(true)
    expect(within('192.0.2.8', '192.0.2.7')).toBe(false)
    expect(within('2001:db8::7', '2001:DB8:0:0:0:0:0:7')).toBe(true)
  })

  test('a range holds what begins alike, whatever address of it names it', () => {
    expect(within('10.1.255.3', '10.1.0.0/16')).toBe(true)
    expect(within('10.2.0.1', '10.1.7.7/16')).toBe(false)
    expect(within('10.1.9.9', '10.1.7.7/16')).toBe(true)
    expect(within('2001:db8:1::9', '2001:db8::/32')).toBe(true)
    expect(within('2001:db9::1', '2001:db8::/32')).toBe(false)
    expect(within('203.0.113.9', '0.0.0.0/0')).toBe(true)
  })

  test('an IPv4 camera on a listener of both families is the IPv4 camera that it is', () => {
    expect(within('::ffff:192.0.2.7', '192.0.2.0/29')).toBe(true)
    expect(within('::ffff:c000:207', '192.0.2.7')).toBe(true)
    expect(within('::ffff:192.0.2.8', '192.0.2.0/29')).toBe(false)
    expect(within('fe80::1%eth0', 'fe80::/10')).toBe(true)
  })

  test('the families do not mix, and what is no address lies nowhere', () => {
    expect(within('::1', '0.0.0.0/0')).toBe(false)
    expect(within('127.0.0.1', '::/0')).toBe(false)
    for (const odd of ['', 'nobody', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', ':::', '1::2::3', '12345::'])
      expect(within(odd, '0.0.0.0/0', '::/0')).toBe(false)
  })

  test('what is no address and no range is refused', () => {
    for (const odd of [
      '',
      '/',
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      'camera.example',
      '10.0.0',
    ])
      expect([odd, addressRange(odd)]).toEqual([odd, null])
  })

  test('every address lies in its own range of any length, and one that differs in a bit of it does not', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), fc.nat(31), (address, prefix, bit) => {
        expect(within(address, `${address}/${prefix}`)).toBe(true)
        const number =
          address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) ^ (1n << BigInt(31 - bit))
        const other = [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join('.')
        expect(within(other, `${address}/${prefix}`)).toBe(bit >= prefix)
      }),
    )
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 0, max: 128 }), (address, prefix) => {
        const isFour = /^::ffff:/i.test(address)
        if (!isFour) expect(within(address, `${address}/${prefix}`)).toBe(true)
      }),
    )
  })
})
