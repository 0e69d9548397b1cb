import type { Fault } from '../machines/faults.ts'
import type { Log } from './room.ts'
import type { SiteAlarms } from './site-alarms.ts'

type TroublesParts = {
  readonly alarms: () => SiteAlarms
  /** Arrival time, ms since 1970. */
  readonly now: () => number
  readonly log: Log
}

/** What can be wrong with the machine that berth runs on, told to people and ended when it is over. */
export class SiteTroubles {
  readonly #parts: TroublesParts

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

  /** A reader's child crashed, hung or answered nonsense; it is shown until a picture was read again. */
  readerFailed(fault: Fault): void {
    const { alarms, now, log } = this.#parts
    log(`A plate reader stopped and was restarted: ${fault.message}`)
    alarms().raise('reader', `A plate reader stopped: ${fault.message}`, now())
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
}
