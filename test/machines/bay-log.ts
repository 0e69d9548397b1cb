import { dueRulings, type Exchange, foldExchange, noExchange } from '../../machines/exchange.ts'
import type { Cause, Decision, Effect, FactRecord } from '../../machines/record.ts'

const NOON = Date.parse('2026-11-22T12:00:00.000Z')
const DAY_ms = 86_400_000

/** A log of bays told in a few words, folded as it is written. */
export class BayLog {
  readonly exchange: Exchange = noExchange()
  readonly records: FactRecord[] = []
  at = NOON

  constructor(...bays: number[]) {
    for (const bay of bays) this.adopts(bay, `CP-${bay}/1`)
  }

  write(
    stream: string,
    cause: Cause,
    {
      state = null,
      decisions = [],
      effects = [],
    }: { state?: string | null; decisions?: Decision[]; effects?: Effect[] } = {},
  ): FactRecord {
    this.at += 1000
    const record = {
      seq: this.records.length + 1,
      stream,
      bayId: stream.startsWith('bay:') ? stream.slice(4) : null,
      at: new Date(this.at).toISOString(),
      cause,
      decisions,
      effects,
      state,
    } as unknown as FactRecord
    this.records.push(record)
    foldExchange(this.exchange, record)
    return record
  }

  /** Writes what is due, as the site does. */
  settle(): readonly string[] {
    const due = dueRulings(this.exchange)
    for (const { cause, decisions } of due) this.write('site', cause, { decisions: [...decisions] })
    return due.map(({ decisions }) => String(decisions[0]?.type))
  }

  adopts = (bay: number, ...connectors: string[]) =>
    this.write(`bay:bay-${bay}`, {
      type: 'profile.adopted',
      connectors: connectors.map((connector) => ({ connector, connectionTimeout_s: 60 })),
    })
  waits = (bay: number) =>
    this.write(`bay:bay-${bay}`, { type: 'vehicle.seen', cameraId: 'cam-1' }, { state: 'authorizing' })
  empty = (bay: number) => this.write(`bay:bay-${bay}`, { type: 'zone.empty', cameraId: 'cam-1' }, { state: 'vacant' })
  status = (bay: number, status: string, connector = `CP-${bay}/1`, state = 'charging-locked') =>
    this.write(`bay:bay-${bay}`, { type: 'connector.status', connector, status }, { state })

  /** A vehicle waits at one bay, the plug comes in at the other, and both are over. */
  plugsElsewhere(vehicleAt: number, plugAt: number): number {
    this.empty(plugAt)
    this.waits(vehicleAt)
    const { seq } = this.status(plugAt, 'preparing')
    this.status(plugAt, 'available')
    this.empty(plugAt)
    this.empty(vehicleAt)
    return seq
  }

  /** A vehicle waits and is plugged in where it stands. */
  plugsHere(bay: number): void {
    this.waits(bay)
    this.status(bay, 'preparing')
    this.status(bay, 'available')
    this.empty(bay)
  }

  passes(days: number): void {
    this.at += days * DAY_ms
  }

  /** Three times over two days, in both directions. */
  exchanged(): number[] {
    const seqs = [this.plugsElsewhere(3, 4), this.plugsElsewhere(4, 3)]
    this.passes(1)
    seqs.push(this.plugsElsewhere(3, 4))
    return seqs
  }
}
