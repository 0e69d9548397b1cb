import type { WebSocket } from 'ws'
import type { Clock } from '../../../actors/ports.ts'
import { emptyStore, type LiveStore } from '../../../src/inspector/page/store.ts'
import { beginAgain, take } from '../../../src/inspector/page/wire.ts'
import type { LiveFeed } from '../../../src/server/live-feed.ts'
import type { LiveMessage } from '../../../src/server/live-message.ts'

/** A clock that moves by hand: what is due runs in its order. */
export class HandClock implements Clock {
  #now = Date.parse('2026-11-23T05:00:00.000Z')
  #due: { readonly at: number; readonly run: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(delay: number, run: () => void): () => void {
    const timer = { at: this.#now + delay, run }
    this.#due.push(timer)
    return () => {
      this.#due = this.#due.filter((one) => one !== timer)
    }
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#due = this.#due.filter((one) => one !== next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
  }
}

/** What a network between server and page can do to the frame that is next, or to those that wait; `lose`: the newest is lost. */
export type Tear = 'pass' | 'drop' | 'lose' | 'twice' | 'swap' | 'all' | 'late'

/** A page's store behind a network that tears frames: real server code on one side, the page's own on the other. */
export class TornFeed {
  readonly store: LiveStore = emptyStore()
  readonly #feed: () => LiveFeed
  /** Frames under way on the socket of now. */
  #frames: LiveMessage[] = []
  /** A frame that was held back, and comes when nobody thinks of it any more. */
  #late: LiveMessage | null = null
  #end: () => void = () => {}
  /** Bytes that the server believes to be waiting here. */
  stalled = false

  constructor(feed: () => LiveFeed) {
    this.#feed = feed
    this.dial()
  }

  /** Begins anew, as the page does after a gap or a dead socket. */
  dial(): void {
    this.#end()
    this.#frames = []
    this.#late = null
    this.stalled = false
    beginAgain(this.store)
    const mine: LiveMessage[] = []
    this.#frames = mine
    const listeners: (() => void)[] = []
    const isStalled = () => this.stalled
    const socket = {
      send: (text: string) => void mine.push(JSON.parse(text) as LiveMessage),
      on: (_name: 'close', listener: () => void) => void listeners.push(listener),
      get bufferedAmount() {
        return isStalled() ? 1 << 21 : 0
      },
      close: () => {},
      terminate: () => {},
    }
    this.#end = () => {
      for (const end of listeners) end()
    }
    this.#feed().attach(socket as unknown as WebSocket, { name: 'a wall', role: 'viewer' }, () => true)
  }

  waiting(): number {
    return this.#frames.length
  }

  tear(how: Tear): void {
    const [first, second] = this.#frames
    if (how === 'all') return this.deliver()
    if (first === undefined) return
    if (how === 'drop') this.#frames.shift()
    else if (how === 'lose') this.#frames.pop()
    else if (how === 'twice') this.#hear([first])
    else if (how === 'swap' && second !== undefined) this.#frames.splice(0, 2, second, first)
    else if (how === 'late') this.#holdBack(first)
    else this.#hear([this.#frames.shift()])
  }

  /** Everything that is under way arrives, in its order. */
  deliver(): void {
    while (this.#frames.length > 0) this.#hear([this.#frames.shift()])
  }

  #holdBack(frame: LiveMessage): void {
    this.#frames.shift()
    if (this.#late !== null) this.#hear([this.#late])
    this.#late = frame
  }

  #hear(frames: readonly (LiveMessage | undefined)[]): void {
    for (const frame of frames) {
      if (frame === undefined) continue
      if (take(this.store, frame).gap) return this.dial()
    }
  }
}
