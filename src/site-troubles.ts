import type { Fault } from '../machines/faults.ts'
import { counted } from './counted.ts'
import type { RelayState } from './relay/relay-news.ts'
import type { Log } from './room-parts.ts'
import { type SiteAlarms, WHAT_TO_DO } from './site-alarms.ts'

type TroublesParts = {
  readonly alarms: () => SiteAlarms
  /** Arrival time, ms since 1970. */
  readonly now: () => number
  readonly log: Log
}

/** A back end may be away for so long without an alarm. */
const CUT_ms = 30_000
const LARGE_ms = 3_600_000
const RESTED_ms = 600_000

/** What can be wrong with the machine that berth runs on, told to people and ended when it is over. */
export class SiteTroubles {
  readonly #parts: TroublesParts

  /** Charge points are here and their back end is not, since (ms since 1970). */
  #cutSince: number | null = null
  /** Messages of charge points that are away wait for the back end, since (ms since 1970). */
  #owedSince: number | null = null
  /** Charge points with a frame that was too large, told until (ms since 1970). */
  readonly #largeUntil = new Map<string, number>()
  /** Cameras whose pictures are left alone for a while, told until (ms since 1970). */
  readonly #restedUntil = new Map<string, number>()

  constructor(parts: TroublesParts) {
    this.#parts = parts
  }

  /** A clock that steps back is never followed: arrivals stand still until it has caught up (`behind_ms` null). */
  clockBehind(behind_ms: number | null): void {
    const { alarms, now, log } = this.#parts
    if (behind_ms === null) {
      alarms().calm('clock')
      return log('The clock has caught up with the newest record.')
    }
    const says = `The clock of this machine is ${Math.round(behind_ms / 1000)} s behind the newest record; time is held until it has caught up.`
    alarms().raise('clock', says, now())
    log(says)
  }

  /** The journal cannot be written, or can be again. */
  store(failing: boolean, fault: Fault | null): void {
    const { alarms, now, log } = this.#parts
    const says = fault?.message ?? ''
    if (failing) alarms().raise('store', says, now())
    else alarms().calm('store')
    log(failing ? `The journal cannot be written: ${says}` : 'The journal can be written again.')
  }

  /** Appends take so long (median, ms), or are quick again (null). */
  storePace(median_ms: number | null): void {
    const { alarms, now, log } = this.#parts
    if (median_ms === null) {
      alarms().calm('store-slow')
      return log('Records are written quickly again.')
    }
    const says = `A record takes ${Math.round(median_ms)} ms to be on disk, and everything waits for its record: starts, cards, cameras and pages are late.`
    alarms().raise('store-slow', says, now())
    log(says)
  }

  /** A reader's child crashed, hung or answered nonsense; it is shown until a picture was read again. */
  readerFailed(fault: Fault): void {
    const { alarms, now, log } = this.#parts
    log(`A plate reader stopped and was restarted: ${fault.message}`)
    alarms().raise('reader', `A plate reader stopped: ${fault.message}`, now())
  }

  /** A camera's pictures stopped the reader so often that they are left alone for a while. Told until ten minutes after. */
  picturesRest(cameraId: string, { times, rest_ms }: { readonly times: number; readonly rest_ms: number }): void {
    const { alarms, now, log } = this.#parts
    const says = `Pictures of camera ${cameraId} stopped the plate reader ${times} times in ten minutes; berth looks at none of them for ${Math.round(rest_ms / 1000)} s.`
    log(says)
    alarms().raise('pictures', says, now(), cameraId)
    this.#restedUntil.set(cameraId, now() + rest_ms + RESTED_ms)
  }

  /** How the relay before the back end stands; null: it is gone. The back end's absence is told once it has lasted. */
  relay(state: RelayState | null): void {
    const { alarms, now, log } = this.#parts
    if (!state) {
      log('The relay between the charge points and their back end is gone.')
      return alarms().raise('relay', 'The relay between the charge points and their back end is gone.', now())
    }
    alarms().calm('relay')
    this.#owed(state)
    const lacking = state.chargePoints.find(({ lacks }) => lacks !== undefined)
    if (lacking) {
      const says = `${lacking.id} cannot be connected to its back end: ${lacking.lacks} cannot be read; put it there, readable for the relay’s user.`
      return alarms().raise('upstream', says, now())
    }
    const cut = state.chargePoints.filter(({ online, upstream }) => online && !upstream).map(({ id }) => id)
    if (cut.length === 0) {
      this.#cutSince = null
      return alarms().calm('upstream')
    }
    this.#cutSince ??= now()
    if (now() - this.#cutSince < CUT_ms) return
    const owed = state.chargePoints.reduce((sum, one) => sum + one.owed, 0)
    const who = cut.length === 1 ? cut[0] : `${cut.length} charge points`
    const says = `The back end of ${who} cannot be reached; ${counted(owed, 'message is', 'messages are')} kept for it.`
    alarms().raise('upstream', says, now())
  }

  /** What charge points that are away have left to be paid. */
  #owed({ chargePoints }: RelayState): void {
    const { alarms, now } = this.#parts
    const debtors = chargePoints.filter(({ online, owed }) => !online && owed > 0)
    if (debtors.length === 0) {
      this.#owedSince = null
      return alarms().calm('owed')
    }
    this.#owedSince ??= now()
    if (now() - this.#owedSince < CUT_ms) return
    const owed = debtors.reduce((sum, one) => sum + one.owed, 0)
    const named = ({ id, owed, dialled }: (typeof debtors)[number]): string =>
      `${id} (${owed}${dialled ? '' : ', once it connects again: berth keeps no password of it'})`
    const more = debtors.length > 5 ? `, and ${debtors.length - 5} more` : ''
    const says = `${counted(owed, 'message waits', 'messages wait')} for the back end, of charge points that are away: ${debtors.slice(0, 5).map(named).join(', ')}${more}.`
    alarms().raise('owed', says, now())
  }

  /** What a charge point took and does not keep of its settings; none: it keeps what was set. */
  settings(chargePointId: string, ignored: readonly string[]): void {
    const { alarms, now } = this.#parts
    if (ignored.length === 0) return alarms().calm('settings', chargePointId)
    const says = `${chargePointId} accepted settings and does not keep them: ${ignored.join(', ')}.`
    alarms().raise('settings', says, now(), chargePointId)
  }

  /** A frame over 1 MiB began to come, from this charge point or (proxy) from its back end: it is lost. Told for an hour. */
  tooLarge(chargePointId: string, from: 'charge-point' | 'back-end'): void {
    const { alarms, now, log } = this.#parts
    const who = from === 'charge-point' ? chargePointId : `The back end of ${chargePointId}`
    const says = `${who} sent a frame of more than 1 MiB; its connection was closed (1009), and the frame is lost.`
    log(says)
    alarms().raise('frame-too-large', says, now(), chargePointId)
    this.#largeUntil.set(chargePointId, now() + LARGE_ms)
  }

  /** Ends what is over by time alone. */
  tick(): void {
    const over = { 'frame-too-large': this.#largeUntil, pictures: this.#restedUntil } as const
    for (const type of ['frame-too-large', 'pictures'] as const)
      for (const [id, until] of over[type]) {
        if (until > this.#parts.now()) continue
        over[type].delete(id)
        this.#parts.alarms().calm(type, id)
      }
  }

  /** A picture was read. */
  readerReads(): void {
    this.#parts.alarms().calm('reader')
  }

  /** The certificate of the charge points' server (why), or all is well with it (null). */
  certificate(why: string | null): void {
    const { alarms, now } = this.#parts
    if (why === null) alarms().calm('certificate')
    else alarms().raise('certificate', `Charge points by TLS: ${why}.`, now())
  }

  /** The operator's back end does not say who pays (why), or does again (null). */
  authorizer(why: string | null): void {
    const { alarms, now, log } = this.#parts
    if (why === null) alarms().calm('authorizer')
    else alarms().raise('authorizer', why, now())
    log(why === null ? 'The authorizer answers again.' : `Nobody is asked who pays for a while: ${why}`)
  }

  /** A record that was read is not the one that was written: it is told to nobody. */
  altered(fault: Fault): void {
    const { alarms, now, log } = this.#parts
    log(fault.message)
    alarms().raise('journal', fault.message, now())
  }

  /** What this start began from says otherwise than the journal, of these bays, of `alarms` or of `reviews`. */
  keptState(different: readonly string[]): void {
    const { alarms, now, log } = this.#parts
    const fault = `The kept state from which this start began says otherwise than the journal: ${different.join(', ')}. It was deleted.`
    log(fault)
    alarms().raise('kept-state', fault, now())
  }

  /** What the list of erasures at `path` lacked: it was lost, or an older copy was put back. `relisted`: put on it again by the journal; `again`: known again, and forgotten once more; `lacks`: whom nobody can name. */
  erasedList(found: {
    readonly path: string
    readonly again: number
    readonly relisted: number
    readonly lacks: number
  }) {
    const { alarms, now, log } = this.#parts
    const { path, again, relisted, lacks } = found
    if (again > 0) log(`Erased once and known again from an older copy: ${again}; they are forgotten once more.`)
    if (relisted === 0 && lacks === 0) return
    const lost = `The list of erasures ${path} was lost, or an older copy of it was put back`
    const back = relisted === 0 ? '' : `; ${relisted} whom the journal calls erased stand on it again`
    const says = `${lost}${back}${lacks === 0 ? '.' : `; ${lacks} who stood on it are not named anywhere else.`}`
    log(`${says} ${WHAT_TO_DO.erasures}`)
    alarms().raise('erasures', says, now())
  }

  /** An older copy of the store was put back, and the list of erasures holds nothing newer: whoever was erased since may be known again. */
  listPutBack(path: string): void {
    const { alarms, now, log } = this.#parts
    const says = `An older copy of the store was put back, and the list of erasures ${path} holds nothing newer: whoever was erased since that copy may be known again.`
    log(`${says} ${WHAT_TO_DO.erasures}`)
    alarms().raise('erasures', says, now(), 'store')
  }

  /** What somebody who keeps checkpoints (`of`) has, and this store has otherwise or not at all; null: nothing. */
  trail(of: string, why: string | null): void {
    const { alarms, now, log } = this.#parts
    if (why === null) return alarms().calm('checkpoints', of)
    log(`${why} ${WHAT_TO_DO.checkpoints}`)
    alarms().raise('checkpoints', why, now(), of)
  }

  /** The second reader failed so often that it is left alone for a while, or answers again. */
  secondReader(isResting: boolean): void {
    const { alarms, now, log } = this.#parts
    const says = 'The second reader did not answer several times; it is left alone for half a minute at a time.'
    if (isResting) alarms().raise('second-reader', says, now())
    else alarms().calm('second-reader')
    log(isResting ? says : 'The second reader answers again.')
  }
}
