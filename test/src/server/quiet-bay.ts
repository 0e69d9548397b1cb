import type { BayView } from '../../../projections/bay-view.ts'

const T0 = '2026-11-22T10:00:00.000Z'

/** A bay where nothing has happened. */
export function quietBay(bayId: string): BayView {
  return {
    bayId,
    version: 0,
    state: 'vacant',
    detail: 'vacant',
    since: T0,
    visit: null,
    session: null,
    lock: { locked: false, reasons: [] },
    chargers: [
      { chargePointId: `CP-${bayId}`, evse: 1, online: true, status: 'Available', current_A: 0, power_W: 0, at: T0 },
    ],
    cameras: [{ cameraId: 'cam-1', status: 'live', lastReadAt: null }],
    service: 'in-service',
    autonomy: 'act',
    why: null,
    noted: null,
    next: { expect: 'a vehicle arrives', by: null, what: null, others: [] },
    blocked: null,
    contradiction: null,
    contradictions: [],
    automatic: true,
    alarms: [],
  }
}
