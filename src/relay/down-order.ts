/** Keeps one place; called with what is done there, it lets those behind it go. */
export type Place = (work: () => void) => void

/** What goes to one charge point, in the order in which the back end said it, although some of it waits for the disk. */
export class DownOrder {
  readonly #line: { work: (() => void) | null }[] = []

  /** Done at once, or when everything before it is done. */
  next(work: () => void): void {
    this.#line.push({ work })
    this.#go()
  }

  /** Takes a place for what is not ready yet; everything that comes now waits behind it. */
  keep(): Place {
    const place: { work: (() => void) | null } = { work: null }
    this.#line.push(place)
    return (work) => {
      place.work = work
      this.#go()
    }
  }

  #go(): void {
    for (let first = this.#line[0]; first?.work; first = this.#line[0]) {
      this.#line.shift()
      first.work()
    }
  }
}
