import { expect, test } from 'vitest'
import type { Keys } from '../../../actors/ports.ts'

/** What every key store promises to those who only know the port. */
export function keysContract(name: string, open: () => Keys): void {
  test(`${name}: a plate has one handle, a card another, and looking for one makes none`, () => {
    const keys = open()
    expect(keys.findVehicle('AB12CDE')).toBeNull()
    expect(keys.findCard('AB12CDE')).toBeNull()
    const vehicle = keys.vehicle('AB12CDE')
    expect(keys.vehicle('AB12CDE')).toBe(vehicle)
    expect(keys.findVehicle('AB12CDE')).toBe(vehicle)
    expect(keys.vehicle('AB12CDF')).not.toBe(vehicle)
    expect(keys.findCard('AB12CDE')).toBeNull()
    const card = keys.card('AB12CDE')
    expect(card).not.toBe(vehicle)
    expect(keys.findCard('AB12CDE')).toBe(card)
    expect(vehicle).toMatch(/^veh-/)
    expect(card).toMatch(/^card-/)
  })

  test(`${name}: a start has one token of the length asked for, which leads back to it in either case`, () => {
    const keys = open()
    const tokens = new Set<string>()
    for (const length of [14, 16, 20]) {
      for (let i = 0; i < 20; i++) {
        const token = keys.startToken(`start-${length}-${i}`, 'visit-7', length)
        expect(token).toMatch(new RegExp(`^[0-9A-F]{${length}}$`))
        expect(keys.startToken(`start-${length}-${i}`, 'visit-7', length)).toBe(token)
        expect(keys.tokenOf(`start-${length}-${i}`)).toBe(token)
        expect(keys.findStart(token.toLowerCase())).toEqual({ startId: `start-${length}-${i}`, visitId: 'visit-7' })
        tokens.add(token)
      }
    }
    expect(tokens.size).toBe(60)
    expect(keys.findStart('DEADBEEFDEADBEEF')).toBeNull()
    expect(keys.tokenOf('start-nobody')).toBeNull()
  })

  test(`${name}: a mark is the same for the same text and another for another, and does not show the text`, () => {
    const keys = open()
    expect(keys.mark('cam-1|frame-7|AB12CDE')).toBe(keys.mark('cam-1|frame-7|AB12CDE'))
    expect(keys.mark('cam-1|frame-7|AB12CDE')).not.toBe(keys.mark('cam-1|frame-8|AB12CDE'))
    expect(keys.mark('AB12CDE')).not.toContain('AB12')
  })
}
