import type { Observation } from '../machines/events.ts'
import type { FactRecord } from '../machines/record.ts'
import type { Entry, Ids } from './ports.ts'
import { cell, memory } from './record-memory.ts'
import type { Site } from './site.ts'

/** How the switch stands. `since` (ISO 8601 UTC) and `by` are of the record that turned it; null where nobody ever did. */
export type SwitchState = { readonly on: boolean; readonly since: string | null; readonly by: string | null }

/** A person's order. The same `id` again has no second effect. */
export type SwitchOrder = {
  readonly id: string
  readonly on: boolean
  readonly by: string
  readonly reason: string | null
}

/** `seq` of the record; null where the id was used for the other order. */
export type SwitchAnswer = { readonly seq: number } | null

const ALARM = 'site/automatic-starts-off'
const SAYS =
  'Automatic starts are off for the whole site: nothing is started without a person. What charges goes on, and so do cards.'
const DO = 'Authorize vehicles by hand, or turn automatic starts on again.'

/**
 * The site's one switch for automatic starts. It is a record of the `site` stream, and every bay is told by an observation of its own in
 * the same batch, so that each bay's stream alone says what it did and why. While it is off, a start that the charge point has not
 * answered is cancelled (its token dies), and new ones wait for a person as in `suggest`; what charges goes on.
 */
export class AutomaticSwitch {
  readonly #site: () => Site
  readonly #ids: Ids
  readonly #answers = new Map<string, { readonly on: boolean; readonly seq: number | Promise<number> }>()
  #state: SwitchState = { on: true, since: null, by: null }
  /** What is remembered by records alone. */
  readonly memory = memory({
    answers: this.#answers,
    state: cell(
      () => this.#state,
      (state) => {
        this.#state = state
      },
    ),
  })

  constructor(site: () => Site, ids: Ids) {
    this.#site = site
    this.#ids = ids
  }

  /** By durable records alone. */
  get state(): SwitchState {
    return this.#state
  }

  /** Takes in one record, in the journal's order. */
  hear({ stream, cause, at, seq }: FactRecord): void {
    if (stream !== 'site' || cause.type !== 'switch.ordered') return
    const on = cause['automatic'] === true
    this.#state = { on, since: at, by: String(cause['by']) }
    this.#answers.set(String(cause['id']), { on, seq })
  }

  /** Turns the switch for every bay at once, on record. Rejects with Fault STORE_UNWRITABLE, and may be sent again then. */
  async order(order: SwitchOrder): Promise<SwitchAnswer> {
    const before = this.#answers.get(order.id)
    if (before) return before.on === order.on ? { seq: await before.seq } : null
    const seq = this.#write(order)
    const given = { on: order.on, seq }
    this.#answers.set(order.id, given)
    seq.catch(() => {
      // An earlier try of the same order may have been found on record meanwhile: that one is the answer.
      if (this.#answers.get(order.id) === given) this.#answers.delete(order.id)
    })
    return { seq: await seq }
  }

  /** One batch, the site's own record first. */
  async #write(order: SwitchOrder): Promise<number> {
    const { id, on, by, reason } = order
    const entry: Entry = {
      stream: 'site',
      cause: { type: 'switch.ordered', id, source: 'operator', automatic: on, by, reason },
      decisions: [{ type: on ? 'AutomaticStartsOn' : 'AutomaticStartsOff', by, reason }],
      effects: on
        ? [{ type: 'clear.alarm', alarmId: ALARM }]
        : [{ type: 'raise.alarm', alarmId: ALARM, alarm: 'automatic-starts-off', says: SAYS, do: DO }],
      personal: {},
    }
    const [record] = await this.#site().tellAll([entry], this.#news(on, by, reason))
    return record?.seq ?? 0
  }

  /** What every bay that stands otherwise is told. */
  #news(automatic: boolean, by: string, reason: string | null): (readonly [string, Observation])[] {
    return [...this.#site().hosts.values()]
      .filter(({ bay }) => bay.automatic !== automatic)
      .map(({ bayId }) => [
        bayId,
        { type: 'switch.turned', id: this.#ids.next('observation'), source: 'site', automatic, by, reason },
      ])
  }

  /** The site has begun: a bay that is new, or that a crash kept from hearing it, adopts the switch as it stands. */
  async begin(): Promise<void> {
    const news = this.#news(this.#state.on, this.#state.by ?? 'site', null)
    if (news.length > 0) await this.#site().tellAll([], news)
  }
}
