import { addressRange } from '../actors/address-range.ts'
import { type PushGuard, type PushReason, pushGuard } from '../actors/push-guard.ts'
import type { ToyPicture } from './toy-picture.ts'
import type { ToySite } from './toy-site.ts'

/** One camera that pushes: its path token, where it may push from (absent = anywhere), what it calls itself (absent = not looked at). */
export type ToyPusher = {
  readonly cameraId: string
  readonly token: string
  readonly from?: readonly string[]
  readonly deviceId?: string
}

/** One push as it comes over the network. */
export type ToyPush = ToyPicture & { readonly token: string; readonly address: string; readonly deviceId?: string }

/** The door for cameras, without HTTP: the production guard before the production feed. */
export type ToyIntake = {
  /** `taken`, or why it was quarantined. */
  push(push: ToyPush): Promise<'taken' | PushReason>
  readonly guard: PushGuard
}

/** Opens the door of a toy site; it dies with its site. */
export function openIntake(site: ToySite, pushers: readonly ToyPusher[]): ToyIntake {
  const guard = pushGuard({
    clock: site.clock,
    scribe: site.site,
    mark: (text) => site.keys.mark(text),
    rules: pushers.map(({ cameraId, from = [], deviceId = null }) => ({
      cameraId,
      from: from.flatMap((text) => addressRange(text) ?? []),
      deviceId,
    })),
  })
  for (const record of site.journal.records) guard.hear(record)
  let heard = site.journal.records.length
  const tick = (): void => {
    if (site.journal.dead) return
    for (const record of site.journal.records.slice(heard)) guard.hear(record)
    heard = site.journal.records.length
    guard.tick()
    site.clock.after(1_000, tick)
  }
  tick()
  return {
    guard,
    async push({ token, address, deviceId, ...picture }) {
      const cameraId = pushers.find((one) => one.token === token)?.cameraId ?? null
      const reason = guard.judge({ cameraId, address, dialect: 'reads', deviceId: deviceId ?? null })
      if (reason !== null || cameraId === null) {
        await site.pass(0)
        return reason ?? 'unknown-token'
      }
      await site.camera(cameraId, picture)
      return 'taken'
    },
  }
}
