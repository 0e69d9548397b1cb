import { addressRange } from '../actors/address-range.ts'
import { type ClockEstimate, type ClockWatch, clockWatch } from '../actors/clock-watch.ts'
import type { PlateFeed } from '../actors/plate-feed.ts'
import type { Clock, Keys, Scribe } from '../actors/ports.ts'
import { type PushGuard, pushGuard } from '../actors/push-guard.ts'
import { type Memory, memory } from '../actors/record-memory.ts'
import type { FactRecord } from '../machines/record.ts'
import { CameraHealth } from './cameras/camera-health.ts'
import { ReaderRecord } from './reader-record.ts'
import type { SiteFile } from './site-file.ts'
import { ZonesInForce } from './zones/zones-in-force.ts'

type SensesParts = {
  readonly file: SiteFile
  /** The policy of now; absent = the file's. */
  readonly policy?: () => SiteFile['policy']
  readonly clock: Clock
  readonly scribe: Scribe
  readonly mark: Keys['mark']
  readonly cameras: () => Pick<PlateFeed, 'cameras' | 'camera'>
  /** A record about a camera's health could not be written. */
  readonly failed: (cause: unknown) => void
  /** Charge points' clocks; empty until their server listens. */
  readonly chargePoints: () => readonly ClockEstimate[]
}

/** How far to trust what devices say of when and of who they are: their clocks, whose pushes count, how well cameras see and where their bays lie, and what reads their pictures. */
export class Senses {
  readonly clocks: ClockWatch
  readonly guard: PushGuard
  readonly health: CameraHealth
  readonly reader: ReaderRecord
  /** Where in their pictures the bays lie. */
  readonly zones: ZonesInForce
  readonly #file: SiteFile
  /** What is remembered by records alone. */
  readonly memory: Memory

  constructor({ file, clock, scribe, mark, cameras, chargePoints, failed, policy }: SensesParts) {
    this.#file = file
    this.zones = new ZonesInForce(file)
    this.clocks = clockWatch({
      clock,
      scribe,
      limit_s: () => (policy?.() ?? file.policy).clockSkew_s,
      estimates: () => [
        ...cameras()
          .cameras()
          .map(({ cameraId, offset_ms }) => ({ kind: 'camera' as const, device: cameraId, offset_ms })),
        ...chargePoints(),
      ],
    })
    const rules = file.cameras.map(({ id, from, deviceId }) => ({
      cameraId: id,
      from: from.flatMap((text) => addressRange(text) ?? []),
      deviceId,
    }))
    this.guard = pushGuard({ clock, scribe, mark, rules })
    this.health = new CameraHealth({ clock, scribe: () => scribe, cameraDesk: cameras, failed })
    this.reader = new ReaderRecord(scribe)
    this.memory = memory({
      clocks: this.clocks.memory,
      guard: this.guard.memory,
      health: this.health.memory,
      reader: this.reader.memory,
      zones: this.zones.versions.memory,
    })
  }

  hear(record: FactRecord): void {
    this.clocks.hear(record)
    this.guard.hear(record)
    this.health.hear(record)
    this.reader.hear(record)
    this.zones.hear(record)
  }

  /** What the site file names no more has no clock to mend. */
  begin(): void {
    this.health.begin(this.#file.cameras.map(({ id, kind }) => ({ cameraId: id, kind, zones: this.zones.nameOf(id) })))
    this.clocks.begin([
      ...this.#file.cameras.map(({ id }) => ({ kind: 'camera' as const, device: id })),
      ...this.#file.chargePoints.map(({ id }) => ({ kind: 'charge-point' as const, device: id })),
    ])
  }

  /** About once a second. */
  tick(): void {
    this.clocks.tick()
    this.guard.tick()
    this.health.tick()
  }
}
