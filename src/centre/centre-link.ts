import type { Clock } from '../../actors/ports.ts'
import type { Json } from '../../machines/events.ts'
import { Fault } from '../../machines/faults.ts'
import { SIGHTING, type Sighting } from '../plausibility/sighting.ts'
import { type FromSite, type Hello, readFromSite, type SiteAnswer } from '../uplink/link-message.ts'
import type { LinkOutcome } from '../uplink/link-request.ts'
import { CLOSED, type LinkSocket } from '../uplink/link-socket.ts'
import { LinkRequests } from './link-requests.ts'
import type { Admitted } from './link-tokens.ts'
import type { SiteCopy } from './site-copy.ts'

export type CentreLinkParts = {
  readonly who: Admitted
  readonly copy: SiteCopy
  readonly clock: Clock
  readonly socket: () => LinkSocket
  /** The gateway said who it is, and it is the one: it stands for its site from now on. */
  readonly greeted: (hello: Hello) => void
  /** Its hello was answered: it can be asked now. */
  readonly ready: () => void
  /** It says where a plate is. */
  readonly sighted: (sighting: Sighting) => void
  /** The site was heard of. */
  readonly heard: () => void
  /** One sentence for the people at the centre. */
  readonly tell: (says: string) => void
}

/** Words that a gateway may say without an answer. */
const HEARD = [SIGHTING] as const

/** The centre's end of one gateway's link: each message is answered once what it asks for is durable. */
export class CentreLink {
  readonly #parts: CentreLinkParts
  readonly #requests: LinkRequests
  #isGreeted = false
  #said = ''

  constructor(parts: CentreLinkParts) {
    this.#parts = parts
    this.#requests = new LinkRequests(parts.clock, (request) => parts.socket().send(JSON.stringify(request)))
  }

  /** Asks something of the gateway; null where it does not know the kind, or was not greeted yet. */
  request(kind: string, body: Json, within_ms: number): Promise<LinkOutcome | null> | null {
    return this.#requests.ask(kind, body, within_ms)
  }

  takes(kind: string): boolean {
    return this.#requests.takes(kind)
  }

  /** The link is gone. */
  end(): void {
    this.#requests.end()
  }

  /** A frame of the gateway. */
  async text(text: string): Promise<void> {
    const message = readFromSite(text)
    if (typeof message === 'string') return this.#unreadable(message)
    if (message.type === 'response') return this.#requests.answered(message)
    // Whose word it is must be known; of nobody it is passed over.
    if (message.type === SIGHTING) return this.#isGreeted ? this.#parts.sighted(message) : undefined
    try {
      const answer = await this.#dealWith(message)
      this.#answer(answer)
      if (message.type === 'hello' && answer.type === 'head') this.#begin(message.takes)
    } catch (fault) {
      this.#failed(fault)
    }
  }

  async #dealWith(message: Exclude<FromSite, { type: 'response' | typeof SIGHTING }>): Promise<SiteAnswer> {
    const { who, copy, clock } = this.#parts
    if (message.type === 'hello') {
      if (message.site !== who.site) {
        const says = `This token is of ${who.site}, and the gateway runs as ${message.site}; give each site its own.`
        return { type: 'refused', says, again: false }
      }
      const answer = await copy.greet(message, new Date(clock.now()).toISOString())
      if (answer.type !== 'head') return answer
      this.#isGreeted = true
      this.#parts.greeted(message)
      return { ...answer, hears: HEARD }
    }
    if (!this.#isGreeted)
      return { type: 'refused', says: 'The first message of a link says whose it is.', again: false }
    if (message.type === 'batch') return copy.take(message)
    return { type: 'known', seq: message.seq, where: await copy.where(message.seq, message.hash) }
  }

  #answer(answer: SiteAnswer): void {
    const { who, socket, heard } = this.#parts
    if (answer.type === 'refused') this.#say(`${who.site}: ${answer.says}`)
    else heard()
    if (answer.type === 'aside') this.#say(answer.says)
    socket().send(JSON.stringify(answer))
    if (answer.type === 'refused') socket().close(CLOSED.refused, answer.says)
  }

  #begin(takes: readonly string[]): void {
    this.#requests.begin(takes)
    this.#parts.ready()
  }

  #unreadable(what: string): void {
    this.#say(`${this.#parts.who.site} sent what is no message of a link (${what}); its link was closed.`)
    this.#parts.socket().close(CLOSED.unreadable, what)
  }

  /** Nobody knows whether it was kept: the gateway asks again. */
  #failed(fault: unknown): void {
    const { who, socket } = this.#parts
    const why = fault instanceof Fault ? fault.message : String(fault)
    this.#say(`Records of ${who.site} wait at its gateway: ${why}`)
    const says = 'The centre cannot keep records now; it is asked again.'
    socket().send(JSON.stringify({ type: 'refused', says, again: true } satisfies SiteAnswer))
    socket().close(CLOSED.later, says)
  }

  /** Said once, until it is another sentence: numbers apart. */
  #say(says: string): void {
    const said = says.replaceAll(/\d+/g, '')
    if (said === this.#said) return
    this.#said = said
    this.#parts.tell(says)
  }
}
