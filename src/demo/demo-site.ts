import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Chance, Polygon } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import type { PaymentPage } from './payment-page.ts'
import type { Light } from './scene.ts'
import { bayZone } from './scene.ts'

/** One bay of the demo: where it is in its camera's picture (0 = left) and which connector is beside it. */
export type DemoBay = {
  readonly bayId: string
  readonly cameraId: string
  readonly place: number
  readonly chargePointId: string
  readonly evse: number
}
export type DemoCamera = {
  readonly cameraId: string
  readonly token: string
  readonly light: Light
  readonly bayNumbers: readonly [string, string, string]
}

/** A throw-away site on disk. */
export type DemoSite = {
  readonly path: string
  readonly bays: readonly DemoBay[]
  readonly cameras: readonly DemoCamera[]
  readonly chargePointIds: readonly string[]
}

const MARK = '# Written by `berth demo`, and again at each of its starts.'

/** bay-5's zone is drawn so far over the line to bay-4: a plate near the line is in both zones, and belongs to the better fit. */
export const NOSE_M = 0.9

/** Short waits, so that a visit's end can be watched; what they trade away is said in the site file. */
const POLICY = {
  voteWindow_s: 8,
  authorizeTimeout_s: 10,
  plugInWindow_s: 60,
  reviewTimeout_s: 180,
  exitGrace_s: 6,
  absence_s: 60,
}

/** Writes the demo's site file into `folder` (made where absent). `port`: where it listens, and where the browser of this machine finds the driver page. Throws Fault BODY_INVALID where the folder holds another site's file. */
export async function writeDemoSite(
  folder: string,
  options: {
    readonly port: number
    readonly chance: Chance
    readonly timezone: string
    /** Where drivers without an account pay; absent = nowhere. */
    readonly payment?: PaymentPage['payment']
  },
): Promise<DemoSite> {
  const path = join(folder, 'site.yaml')
  const before = await readFile(path, 'utf8').catch(() => null)
  if (before !== null && !before.startsWith(MARK)) {
    throw new Fault(
      'BODY_INVALID',
      {},
      { says: `${path} is a site file that the demo did not write; give --data a folder of its own.` },
    )
  }
  await mkdir(folder, { recursive: true })
  const cameras = demoCameras(options.chance)
  const bays = demoBays(cameras)
  const chargePointIds = [...new Set(bays.map((bay) => bay.chargePointId))]
  const file = {
    site: { id: 'demo', name: 'Demo car park', timezone: options.timezone },
    store: { kind: 'sqlite', path: './demo.db' },
    http: { host: '127.0.0.1', port: options.port, publicUrl: `http://127.0.0.1:${options.port}` },
    ocpp: { host: '127.0.0.1', port: 0 },
    cameras: cameras.map(({ cameraId, token }) => ({ id: cameraId, token, kind: 'push' })),
    bays: bays.map((bay) => ({
      id: bay.bayId,
      chargePoint: bay.chargePointId,
      evse: bay.evse,
      zones: [{ camera: bay.cameraId, polygon: demoZone(bay).map((point) => [...point]) }],
    })),
    chargePoints: chargePointIds.map((id) => ({ id })),
    layout: [bays.slice(0, 3), [], bays.slice(3)].map((row) => row.map(({ bayId }) => bayId)),
    ...(options.payment && { payment: options.payment }),
    // A throw-away site has no weeks in which its charges could show that its pictures are right.
    presence: { alone: 'always' },
    policy: POLICY,
  }
  const notes = [
    '# The policy waits shorter than a real site should: exits are believed after 6 s instead of 30, absence after 60 s instead of 300.',
    '# Driver pages lead to this machine alone: a real site says in http.publicUrl where phones reach it.',
    "# bay-5's zone runs over its line on purpose, and `berth check` warns of it: a plate that is seen from two bays is part of the show.",
  ].join('\n')
  await writeFile(path, `${MARK}\n${notes}\n${stringify(file, { lineWidth: 140, flowCollectionPadding: false })}`)
  return { path, bays, cameras, chargePointIds }
}

/** Where a bay is in its camera's picture. */
function demoZone(bay: DemoBay): Polygon {
  return bayZone(bay.place, bay.bayId === 'bay-5' ? NOSE_M : 0)
}

function demoCameras(chance: Chance): DemoCamera[] {
  return [
    { cameraId: 'cam-1', token: chance.hex(16), light: 'day', bayNumbers: ['1', '2', '3'] },
    { cameraId: 'cam-2', token: chance.hex(16), light: 'day', bayNumbers: ['4', '5', '6'] },
  ]
}

/** Six bays: three a camera, two a charge point. */
function demoBays(cameras: readonly DemoCamera[]): DemoBay[] {
  return cameras.flatMap((camera, row) =>
    camera.bayNumbers.map((number, place) => {
      const order = row * 3 + place
      return {
        bayId: `bay-${number}`,
        cameraId: camera.cameraId,
        place,
        chargePointId: `CP-${Math.floor(order / 2) + 1}`,
        evse: (order % 2) + 1,
      }
    }),
  )
}
