import type { Clock, Ids, Keys, Scribe } from '../../actors/ports.ts'
import type { Site } from '../../actors/site.ts'
import { connectorsOf } from '../../machines/knowledge.ts'
import { numberIn, type Row, seqKey, textIn } from '../../projections/row-fold.ts'
import { isSameSecret } from '../same-secret.ts'
import type { Views } from '../views/site-views.ts'

/** Who says it, in records. */
const BY = 'not-me link'
/** So long after the start the link works, ms. */
const WORKS_ms = 24 * 3_600_000

export type NotMeParts = {
  /** Where the site is reached from outside, without a slash at its end; null = no links are made. */
  readonly publicUrl: string | null
  readonly keys: Pick<Keys, 'mark'>
  readonly views: Pick<Views, 'read'>
  readonly site: Pick<Site, 'bay' | 'tell'> & Scribe
  readonly ids: Ids
  readonly clock: Pick<Clock, 'now'>
}

/** What a link stands for. */
type Link = {
  readonly bayId: string
  readonly sessionId: string
  readonly transactionId: string
  readonly startedAt: string
}
export type LinkState =
  | { readonly state: 'open'; readonly link: Link }
  | { readonly state: 'unknown' | 'used' | 'over' }

/**
 * The link by which whoever pays says of a start that it is not theirs: made for one start, by the site's own key, so that it can be
 * guessed by nobody and is kept nowhere; it works once, for a day. It ends the charge and disputes its bill, both on record.
 */
export class NotMe {
  readonly #parts: NotMeParts
  /** Being used now: one that is pressed twice is one. */
  readonly #using = new Set<string>()

  constructor(parts: NotMeParts) {
    this.#parts = parts
  }

  /**
   * A start with its link, for a receiver that is told over a signed call. A start that nobody pays has none: there is nobody to send it to,
   * and no bill to dispute. Other news stay as they are.
   */
  dress = (news: Row): Row => {
    const { publicUrl, clock } = this.#parts
    if (publicUrl === null || news['type'] !== 'session.started' || textIn(news, 'accountId') === null) return news
    const until = Date.parse(textIn(news, 'at') ?? '') + WORKS_ms
    if (!(clock.now() < until)) return news
    const name = nameOf(textIn(news, 'id') ?? '')
    return {
      ...news,
      notMe: { url: `${publicUrl}/not-me/${name}/${this.#mark(name)}`, until: new Date(until).toISOString() },
    }
  }

  /** What the link stands for, and whether it works. */
  async look(name: string, mark: string): Promise<LinkState> {
    if (!/^\d{1,12}-\d{1,3}$/.test(name) || !isSameSecret(mark, this.#mark(name))) return { state: 'unknown' }
    const link = await this.#linkOf(name)
    if (link === null) return { state: 'unknown' }
    if (this.#using.has(name) || (await this.#isUsed(name))) return { state: 'used' }
    if (this.#parts.clock.now() >= Date.parse(link.startedAt) + WORKS_ms) return { state: 'over' }
    return { state: 'open', link }
  }

  /** Ends the charge where it still runs and disputes the bill; answers the state that the link was in. Rejects with Fault STORE_UNWRITABLE. */
  async use(name: string, mark: string): Promise<LinkState> {
    const found = await this.look(name, mark)
    if (found.state !== 'open' || this.#using.has(name)) return found.state === 'open' ? { state: 'used' } : found
    this.#using.add(name)
    try {
      // The link counts as used by the dispute: whatever happens between the two, it still works and both are done.
      await this.#stop(found.link)
      await this.#dispute(name, found.link)
    } catch (fault) {
      this.#using.delete(name)
      throw fault
    }
    return found
  }

  #mark(name: string): string {
    return this.#parts.keys.mark(`not-me|${name}`)
  }

  async #dispute(name: string, { sessionId, transactionId, bayId }: Link): Promise<void> {
    const cause = { type: 'session.disowned', ref: name, sessionId, transactionId, bayId, by: BY, word: true }
    const decisions = [{ type: 'SessionDisputed', sessionId, reason: 'the payer says: not me' }]
    await this.#parts.site.write([{ stream: 'audit', cause, decisions, personal: {} }])
  }

  /** As an operator would: also asked again of a charge point that is away. Another payer's charge at a second cable is left alone. */
  async #stop({ bayId, transactionId }: Link): Promise<void> {
    const { site, ids } = this.#parts
    const bay = site.bay(bayId)
    const open = bay === undefined ? [] : connectorsOf(bay).filter(({ transaction }) => transaction !== null)
    const its = open.find(({ transaction }) => transaction?.transactionId === transactionId)
    if (its === undefined) return
    if (open.length === 1) {
      const id = ids.next('observation')
      await site.tell(bayId, { type: 'operator.commanded', id, source: BY, command: 'remote-stop', by: BY })
      return
    }
    const { chargePointId } = its
    const effects = [{ type: 'stop.charging', chargePointId, transactionId, reason: 'operator' }]
    const cause = { type: 'session.stopped', sessionId: null, transactionId, bayId, by: BY }
    await site.write([{ stream: 'audit', cause, decisions: [], effects, personal: {} }])
  }

  async #linkOf(name: string): Promise<Link | null> {
    const [seq = '', place = ''] = name.split('-')
    const before = `${seqKey(Number(seq))} ${String(Number(place) - 1).padStart(3, '0')}`
    const [found] = await this.#parts.views.read('news', {}, before, 1)
    const news = found?.[1]
    if (news === undefined || news['type'] !== 'session.started' || numberIn(news, 'seq') !== Number(seq)) return null
    const [bayId, sessionId, transactionId] = ['bayId', 'sessionId', 'transactionId'].map((field) =>
      textIn(news, field),
    )
    if (!bayId || !sessionId || !transactionId) return null
    return { bayId, sessionId, transactionId, startedAt: textIn(news, 'at') ?? '' }
  }

  async #isUsed(name: string): Promise<boolean> {
    const [seq = ''] = name.split('-')
    const rows = await this.#parts.views.read('audit', {}, seqKey(Number(seq)))
    return rows.some(([, { what, about }]) => what === 'session.disowned' && (about as Row)['ref'] === name)
  }
}

/** `depot/41/2` in an address: seq and place. */
const nameOf = (id: string): string => id.split('/').slice(-2).join('-')
