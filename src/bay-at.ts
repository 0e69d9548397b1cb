import type { ClockWatch, Moment } from '../actors/clock-watch.ts'
import type { Journal } from '../actors/ports.ts'
import type { FactRecord } from '../machines/record.ts'
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
  let since = 0
  let last: FactRecord | null = null
  for (;;) {
    const page = await journal.readStream(stream, last?.version ?? 0, 1000)
    for (const record of page) {
      if ('seq' in when ? record.seq > when.seq : Date.parse(record.at) > Date.parse(when.time)) return view()
      snapshot = step(snapshot, eventOf(record)).snapshot
      applyTimers(timers, record)
      alarms.fold(raised, record)
      if (last?.state !== record.state || last?.detail !== record.detail) since = Date.parse(record.at)
      last = record
    }
    if (page.length === 0) return view()
  }

  function view(): BayView | null {
    if (!last) return null
    return viewOf({
      bay: snapshot.context,
      ...pathOf(snapshot.value),
      since,
      record: last,
      timers,
      alarms: [...raised.values()],
      skew_s: (kind, device) => skew_s(kind, device, when),
      blindness: (cameraId) => blindness(cameraId, when),
    })
  }
}
