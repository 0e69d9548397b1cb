import type { FactRecord } from '../../../machines/record.ts'
import { systemClock } from '../../../src/clock.ts'
import { FigureHistory } from '../../../src/server/figure-history.ts'
import { passingViews } from '../../../src/views/site-views.ts'
import { livedPast } from '../../projections/lived-past.ts'
import { aCamera, aFault } from '../server/array-cameras.ts'
import { type ArrayDesk, openArrayDesk } from '../server/array-desk.ts'
import type { Starting } from '../server/plain-server.ts'

const MINUTE_ms = 60_000
let past: readonly FactRecord[] | null = null

/** A site with a past of half a day: reports of a simulated site, an hour of charging in bay-1, a day of cameras and charge points. */
export async function figuredSite(): Promise<Starting & { readonly site: ArrayDesk }> {
  past ??= await livedPast(3, 0.6)
  const records = past
  const end = Date.parse(records.at(-1)?.at ?? '')
  const begun = Date.now()
  let moved = Date.parse(records[0]?.at ?? '') - end
  const clock = { ...systemClock, now: () => end + moved + (Date.now() - begun) }
  const site = openArrayDesk({ clock, count: 4 })
  await site.note('site', { type: 'machines.adopted' })
  moved = -60 * MINUTE_ms
  const startedAt = new Date(clock.now()).toISOString()
  const session = { sessionId: 'ses-1', transactionId: '17', idToken: null, energy_Wh: 4200, startedAt }
  for (let minute = 0; minute <= 60; minute += 1) {
    moved = (minute - 60) * MINUTE_ms
    const current_A = minute < 50 ? 16 - Math.abs(((minute * 7) % 5) - 2) / 10 : 16 - (minute - 50) * 1.4
    const cause = { type: 'meter.values', connector: 'CP-bay-1/1', transactionId: '17', when: 'live', verdict: 'valid' }
    const measured = { current_A, power_W: current_A * 690, register_Wh: 90_000 + minute * 180 }
    await site.change('bay-1', { ...cause, ...measured }, { state: 'charging-locked', detail: 'charging', session })
  }
  moved = 0
  const [charger] = site.desk.bay('bay-3')?.chargers ?? []
  if (charger) await site.change('bay-3', { type: 'charger.offline' }, { chargers: [{ ...charger, online: false }] })
  const blocked = aFault('blocked', new Date(end - 75 * MINUTE_ms).toISOString())
  const cameras = [
    aCamera('cam-1', {
      bays: ['bay-1', 'bay-2'],
      fps: 4.9,
      usual_fps: 5,
      readRate: { read: 19, of: 20, usual: 0.96 },
      skew_s: 0.4,
    }),
    aCamera('cam-2', {
      bays: ['bay-3'],
      status: 'lost',
      blind: blocked,
      faults: [blocked],
      fps: 0,
      usual_fps: 5,
      skew_s: -2,
    }),
  ]
  const figures = new FigureHistory()
  const readsFrom = {
    siteId: 'depot-north',
    head: () => ({ seq: records.length, hash: '' }),
    readSite: async (after: number, limit: number) => records.slice(after, after + limit),
  }
  for (let minute = 0; minute < 1_440; minute += 1) {
    const isBlocked = minute > 1_365
    const day = cameras.map((camera, which) => ({
      ...camera,
      fps: which === 1 && isBlocked ? 0 : 4.6 + ((minute * (3 + which)) % 9) / 20,
      readRate: { read: 20 - (Math.floor(minute / 97) % 4), of: 20, usual: 0.96 },
      skew_s: which * -2 + minute / 3_000,
    }))
    const connectors = site.desk.bays().flatMap(({ chargers }, which) =>
      chargers.map((one) => ({
        ...one,
        online: which !== 2 || minute < 1_200,
        current_A: which === 0 && minute > 1_380 ? 16 : 0,
      })),
    )
    figures.take(new Date(end - (1_440 - minute) * MINUTE_ms).toISOString(), day, connectors)
  }
  const sights = { all: () => cameras, confirmView: async () => null }
  return { site, clock, sights, figures, views: passingViews(readsFrom) }
}
