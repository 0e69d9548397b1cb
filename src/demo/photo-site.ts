import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Chance } from '../../actors/ports.ts'

/** One bay with a camera and a charge point of its own, where one photograph after the other arrives. */
export type Lane = { readonly bayId: string; readonly cameraToken: string; readonly chargePointId: string }

/** Short waits; what decides about a plate (quorum, formats, matching) stays as it is by default. No person reviews. */
const POLICY = {
  voteWindow_s: 8,
  authorizeTimeout_s: 5,
  plugInWindow_s: 20,
  reviewTimeout_s: 1,
  exitGrace_s: 1,
  absence_s: 6,
  reviewers: false,
}
const WHOLE_PICTURE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
]

/** Writes the site file for a run over photographs; answers its path and lanes. */
export async function writePhotoSite(
  folder: string,
  lanes: number,
  port: number,
  chance: Chance,
): Promise<{ readonly path: string; readonly lanes: readonly Lane[] }> {
  const list = Array.from(
    { length: lanes },
    (_, place): Lane => ({ bayId: `bay-${place + 1}`, cameraToken: chance.hex(16), chargePointId: `CP-${place + 1}` }),
  )
  const file = {
    site: { id: 'photos', name: 'Photographs', timezone: 'UTC' },
    store: { kind: 'sqlite', path: './photos.db' },
    http: { host: '127.0.0.1', port },
    ocpp: { host: '127.0.0.1', port: 0 },
    cameras: list.map((lane) => ({ id: `cam-${lane.bayId}`, token: lane.cameraToken, kind: 'push' })),
    bays: list.map((lane) => ({
      id: lane.bayId,
      chargePoint: lane.chargePointId,
      evse: 1,
      zones: [{ camera: `cam-${lane.bayId}`, polygon: WHOLE_PICTURE }],
    })),
    chargePoints: list.map((lane) => ({ id: lane.chargePointId })),
    presence: { alone: 'always' },
    policy: POLICY,
  }
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'photos.yaml')
  await writeFile(path, `# Written by \`berth demo --photos\`.\n${stringify(file, { lineWidth: 140 })}`)
  return { path, lanes: list }
}
