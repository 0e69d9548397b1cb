import { onTestFinished } from 'vitest'
import type { Clock } from '../../../actors/ports.ts'
import { fold } from '../../../machines/plate.ts'
import type { FactRecord } from '../../../machines/record.ts'
import { systemClock } from '../../../src/clock.ts'
import { openRoom } from '../../../src/open-room.ts'
import type { Room } from '../../../src/room.ts'
import type { Caller } from '../../../src/site-desk.ts'
import { readSiteFile, type SiteFile } from '../../../src/site-file.ts'
import { cameraMessage, cameraRead } from '../../actors/camera-reads.ts'
import { until, writeSite } from '../serve/serving-line.ts'

/** Who asks in these tests. */
export const BY: Caller = { name: 'the auditor', role: 'auditor' }
export const DAY_ms = 86_400_000

/** The real clock, and a way to let it run ahead. */
export function skippingClock(): Clock & { skip(ms: number): void } {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    after: systemClock.after,
    skip: (ms) => {
      ahead += ms
    },
  }
}

/** A site of `bays` bays with these rules of privacy, its visits ending 60 s after the last sign. */
export async function privateSite(privacy: Partial<SiteFile['privacy']> = {}, bays = 1): Promise<SiteFile> {
  const file = await readSiteFile((await writeSite(bays)).path, {})
  return { ...file, privacy: { ...file.privacy, ...privacy } }
}

/** Opens and starts the site; it closes with the test. */
export async function startedRoom(file: SiteFile, clock: Clock = systemClock): Promise<Room> {
  const room = await openRoom(file, clock, () => {}, {})
  onTestFinished(() => room.close())
  await room.start()
  return room
}

let frames = 0
/** The plate is agreed on in the bay by three frames, and its visit stands. */
export async function arrives(room: Room, plate: string, bay = 1, bays = 1): Promise<string> {
  for (let frame = 0; frame < 3; frame++) {
    frames += 1
    await room.feed.see(
      cameraMessage([
        cameraRead(plate, { box: [(bay - 0.5) / bays - 0.05 / bays, 0.6, 0.1 / bays, 0.05], frame: `f-${frames}` }),
      ]),
    )
  }
  const handle = String(room.keys.findVehicle(fold(plate)))
  await until(() => room.site.bay(`bay-${bay}`)?.visit?.agreed?.handle === handle)
  return handle
}

/** Time passes and the site looks at it. */
export async function passes(room: Room, clock: { skip(ms: number): void }, ms: number): Promise<void> {
  clock.skip(ms)
  for (let look = 0; look < 2; look++) {
    room.tick()
    await room.site.idle()
  }
}

/** The audit's records of this type. */
export async function auditOf(room: Room, type: string): Promise<readonly FactRecord[]> {
  const page = await room.journal.readStream('audit')
  return page.filter(({ cause }) => cause.type === type)
}

/** How a request was verified, with the name of who did in the place of its handle; null where that cannot be read any more. */
export function verifiedIn(room: Room, record: FactRecord): { readonly [field: string]: unknown } {
  const verified = record.cause['verified'] as { readonly verifiedBy: string }
  const opened = room.journal.open(record)[verified.verifiedBy] as { readonly name: string } | undefined
  return { ...verified, verifiedBy: opened?.name ?? null }
}
