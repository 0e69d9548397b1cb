import type { BayHost } from '../actors/bay-actor.ts'
import type { ClockWatch } from '../actors/clock-watch.ts'
import { pathOf } from '../machines/step.ts'
import type { AlarmView, BayView, CameraBlindness, ConnectorView } from '../projections/bay-view.ts'
import { connectorViews, viewOf } from '../projections/view-of-bay.ts'

type LiveBaysParts = {
  readonly site: () => { readonly hosts: ReadonlyMap<string, BayHost> }
  /** All that are open, in their order. */
  readonly alarms: () => readonly AlarmView[]
  /** Seconds that a device's clock is behind; null until learnt. */
  readonly skew_s: ClockWatch['skew_s']
  readonly blindness: (cameraId: string) => CameraBlindness | null
  /** Fills in what names stand for. */
  readonly named: (view: BayView) => BayView
}

/** The bays of a running site as people see them now. One view costs the same however many bays there are, and however many alarms. */
export class LiveBays {
  readonly #parts: LiveBaysParts
  /** Null: they changed since somebody looked. */
  #alarms: ReadonlyMap<string | null, readonly AlarmView[]> | null = null

  constructor(parts: LiveBaysParts) {
    this.#parts = parts
  }

  /** An alarm was raised or ended. */
  alarmsChanged(): void {
    this.#alarms = null
  }

  all(): readonly BayView[] {
    return this.#hosts().map((host) => this.view(host))
  }

  one(bayId: string): BayView | null {
    const host = this.#parts.site().hosts.get(bayId)
    return host ? this.view(host) : null
  }

  /** These bays, viewed once somebody asks: most commits are looked at by nobody. */
  these(bayIds: () => Iterable<string>): () => readonly BayView[] {
    const { hosts } = this.#parts.site()
    let views: readonly BayView[] | null = null
    return () => {
      views ??= [...bayIds()].flatMap((bayId) => hosts.get(bayId) ?? []).map((host) => this.view(host))
      return views
    }
  }

  /** Every connector of the site. */
  connectors(): readonly ConnectorView[] {
    return this.#hosts().flatMap(({ committed }) => connectorViews(committed.snapshot.context, this.#parts.skew_s))
  }

  view({ bayId, committed, kept }: BayHost): BayView {
    const { snapshot, standing } = committed
    const { skew_s, blindness, named } = this.#parts
    const alarms = this.#alarmsOf(bayId)
    const { state, detail } = pathOf(snapshot.value)
    return named(viewOf({ bay: snapshot.context, state, detail, standing, timers: kept, alarms, skew_s, blindness }))
  }

  #alarmsOf(bayId: string): readonly AlarmView[] {
    this.#alarms ??= Map.groupBy(this.#parts.alarms(), (alarm) => alarm.bayId)
    return this.#alarms.get(bayId) ?? []
  }

  #hosts(): readonly BayHost[] {
    return [...this.#parts.site().hosts.values()]
  }
}
