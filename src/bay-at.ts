import type { ClockWatch, Moment } from '../actors/clock-watch.ts'
import type { Journal } from '../actors/ports.ts'
import { type Standing, stands } from '../machines/bay-standing.ts'
import { applyTimers, eventOf, opened, pathOf, step } from '../machines/step.ts'
import { alarms } from '../projections/alarms.ts'
import type { BayView, CameraBlindness } from '../projections/bay-view.ts'
import { viewOf } from '../projections/view-of-bay.ts'

/** The bay as it was after the record `seq`, or at the time (ISO 8601), rebuilt from its stream alone; null before its first record. */
export async function bayAt(
  journal: Pick<Journal, 'readStream'>,
  bayId: string,
  when: Moment,
  skew_s: ClockWatch['skew_s'] = () => null,
  blindness: (cameraId: string, then: Moment) => CameraBlindness | null = () => null,
): Promise<BayView | null> {
  const stream = `bay:${bayId}`
  const timers = new Map<string, number>()
  const raised = alarms.start()
  let snapshot = opened(bayId)
  let standing: Standing | null = null
  for (;;) {
    const page = await journal.readStream(stream, standing?.record.version ?? 0, 1000)
    for (const record of page) {
      if ('seq' in when ? record.seq > when.seq : Date.parse(record.at) > Date.parse(when.time)) return view()
      snapshot = step(snapshot, eventOf(record)).snapshot
      applyTimers(timers, record)
      alarms.fold(raised, record)
      standing = stands(standing, record, snapshot.context)
    }
    if (page.length === 0) return view()
  }

  function view(): BayView | null {
    if (!standing) return null
    return viewOf({
      bay: snapshot.context,
      ...pathOf(snapshot.value),
      standing,
      timers,
      alarms: [...raised.values()],
      skew_s: (kind, device) => skew_s(kind, device, when),
      blindness: (cameraId) => blindness(cameraId, when),
    })
  }
}
