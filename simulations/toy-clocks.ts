import { type ClockEstimate, type ClockWatch, clockWatch } from '../actors/clock-watch.ts'
import { DEFAULT_POLICY } from '../machines/events.ts'
import type { ToySite } from './toy-site.ts'

/**
 * The production clock watch over a toy site, once a second, as a real site runs it. `chargePoints`: what links estimate of their clocks.
 * It dies with its site; watch the next one again.
 */
export function watchClocks(site: ToySite, chargePoints: () => readonly ClockEstimate[] = () => []): ClockWatch {
  const { records } = site.journal
  let heard = 0
  const watch = clockWatch({
    clock: site.clock,
    scribe: site.site,
    limit_s: () => [...site.site.hosts.values()][0]?.bay.policy.clockSkew_s ?? DEFAULT_POLICY.clockSkew_s,
    estimates: () => [
      ...site.feed
        .cameras()
        .map(({ cameraId, offset_ms }): ClockEstimate => ({ kind: 'camera', device: cameraId, offset_ms })),
      ...chargePoints(),
    ],
  })
  const hearAll = (): void => {
    for (const record of records.slice(heard)) watch.hear(record)
    heard = records.length
  }
  const tick = (): void => {
    if (site.journal.dead) return
    hearAll()
    watch.tick()
    site.clock.after(1_000, tick)
  }
  tick()
  return watch
}
