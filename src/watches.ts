import { AutomaticSwitch } from '../actors/automatic-switch.ts'
import { MaskWatch } from '../actors/mask-watch.ts'
import type { ChargePointProfile } from '../actors/ocpp/profiles/charge-point-profile.ts'
import { PairWatch } from '../actors/pair-watch.ts'
import type { Keys } from '../actors/ports.ts'
import { ReadWatch } from '../actors/read-watch.ts'
import { type Memory, memory } from '../actors/record-memory.ts'
import type { Site } from '../actors/site.ts'
import { type TraitWatch, traitWatch } from '../actors/trait-watch.ts'
import {
  type CameraCalibration,
  calibratedChance,
  calibrationOf,
  foldCalibrations,
  noCalibrations,
} from '../machines/calibration.ts'
import type { FactRecord } from '../machines/record.ts'
import { randomIds } from './ids.ts'
import type { SiteFile } from './site-file.ts'

type WatchesParts = {
  readonly site: () => Site
  readonly profile: (chargePointId: string) => ChargePointProfile
  /** What the site file names. */
  readonly file: Pick<SiteFile, 'cameras' | 'chargePoints'>
  readonly keys: Pick<Keys, 'mark'>
  /** A record could not be written; `what` was watched. */
  readonly stumbled: (what: string, cause: unknown) => void
}

/** What the site notices over many visits, and its switch for automatic starts: each folded from the journal, each written to it. */
export class Watches {
  readonly automaticStarts: AutomaticSwitch
  readonly pairs: PairWatch
  readonly reads: ReadWatch
  readonly masks: MaskWatch
  readonly traits: TraitWatch
  readonly #calibrations = noCalibrations()
  readonly #parts: WatchesParts
  /** What is remembered by records alone. */
  readonly memory: Memory

  constructor(parts: WatchesParts) {
    const { site, profile, stumbled } = parts
    this.#parts = parts
    this.automaticStarts = new AutomaticSwitch(site, randomIds)
    this.reads = new ReadWatch({ scribe: site, failed: (cause) => stumbled('read rate', cause) })
    this.masks = new MaskWatch({
      scribe: site,
      mark: (text) => parts.keys.mark(text),
      failed: (cause) => stumbled('masks', cause),
    })
    this.pairs = new PairWatch({ scribe: site, failed: (cause) => stumbled('pairs', cause) })
    this.traits = traitWatch({
      scribe: site,
      now: () => site().now(),
      profile,
      failed: (cause) => stumbled('traits', cause),
    })
    this.memory = memory({
      automaticStarts: this.automaticStarts.memory,
      pairs: this.pairs.memory,
      reads: this.reads.memory,
      masks: this.masks.memory,
      traits: this.traits.memory,
      calibrations: this.#calibrations,
    })
  }

  /** Takes in one record, in the journal's order; `live` false while the site is rebuilt. */
  hear(record: FactRecord, live: boolean): void {
    this.automaticStarts.hear(record)
    this.pairs.hear(record, live)
    this.reads.hear(record, live)
    this.masks.hear(record)
    this.traits.replay(record)
    foldCalibrations(this.#calibrations, record)
  }

  /** Chance that a plate is right for which this camera says such a figure (0..1); null until it is calibrated. */
  calibrated = (cameraId: string, said: number): number | null =>
    calibratedChance(this.#calibrations, cameraId, said)?.chance ?? null

  /** What a camera's figures are worth, and by how many cases. */
  calibrationOf = (cameraId: string): CameraCalibration => calibrationOf(this.#calibrations, cameraId)

  /** The site has begun. */
  async begin(): Promise<void> {
    await this.automaticStarts.begin()
    const { site, file } = this.#parts
    this.pairs.begin(site().hosts.keys())
    this.reads.begin(file.cameras.map(({ id }) => id))
    this.masks.begin((cameraId) => file.cameras.find(({ id }) => id === cameraId)?.ignore ?? null)
    this.traits.settle(file.chargePoints.map(({ id }) => id))
  }
}
