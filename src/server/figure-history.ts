import type { ConnectorView } from '../../projections/bay-view.ts'
import type { CameraView } from '../cameras/camera-sights.ts'

/** One figure is taken so often, ms; a day of them is kept, in memory alone. */
export const SAMPLE_ms = 60_000
const MOST = 1_440

/** How a camera was, minute by minute, oldest first. `readShare` 0..1 of vehicles that were read; null = not known then. */
export type CameraMinute = {
  readonly at: string
  readonly fps: number | null
  readonly readShare: number | null
  readonly skew_s: number | null
  /** It gave pictures that count. */
  readonly sees: boolean
}

/** How a charge point was: whether it was connected, how many connectors were faulted, what all drew. */
export type ChargePointMinute = {
  readonly at: string
  readonly connected: boolean
  readonly faulted: number
  readonly current_A: number | null
}

/** The last day of cameras and charge points, for plots: what no record holds, and a restart forgets. */
export class FigureHistory {
  readonly #cameras = new Map<string, CameraMinute[]>()
  readonly #chargePoints = new Map<string, ChargePointMinute[]>()

  /** Takes how all are now; `at` ISO 8601 UTC. */
  take(at: string, cameras: readonly CameraView[], connectors: readonly ConnectorView[]): void {
    for (const { cameraId, fps, readRate, skew_s, status } of cameras) {
      const readShare = readRate === null || readRate.of === 0 ? null : readRate.read / readRate.of
      keep(this.#cameras, cameraId, { at, fps, readShare, skew_s, sees: status === 'live' })
    }
    for (const [chargePointId, all] of Map.groupBy(connectors, (one) => one.chargePointId)) {
      const currents = all.flatMap(({ current_A }) => (current_A === null ? [] : [current_A]))
      keep(this.#chargePoints, chargePointId, {
        at,
        connected: all.some(({ online }) => online),
        faulted: all.filter(({ status }) => status === 'Faulted').length,
        current_A: currents.length === 0 ? null : currents.reduce((sum, each) => sum + each, 0),
      })
    }
  }

  camera(cameraId: string): readonly CameraMinute[] {
    return this.#cameras.get(cameraId) ?? []
  }

  chargePoint(chargePointId: string): readonly ChargePointMinute[] {
    return this.#chargePoints.get(chargePointId) ?? []
  }
}

function keep<Minute>(all: Map<string, Minute[]>, id: string, minute: Minute): void {
  const minutes = all.get(id) ?? []
  all.set(id, minutes)
  minutes.push(minute)
  if (minutes.length > MOST) minutes.shift()
}
