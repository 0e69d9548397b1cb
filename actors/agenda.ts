/** What is due next: a binary heap of (due, order of entry). The only clock a site and a simulation need. `due` is ms since 1970. */
export class Agenda<T> {
  readonly #heap: { due: number; order: number; item: T }[] = []
  #count = 0

  /** Due time of the first item, Infinity when there is none. */
  get next(): number {
    return this.#heap[0]?.due ?? Number.POSITIVE_INFINITY
  }

  get size(): number {
    return this.#heap.length
  }

  push(due: number, item: T): void {
    const heap = this.#heap
    heap.push({ due, order: this.#count++, item })
    let at = heap.length - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(at, parent)) break
      this.#swap(at, parent)
      at = parent
    }
  }

  /** Takes the first item; only when `next` is finite. */
  pop(): { readonly due: number; readonly item: T } {
    const heap = this.#heap
    const first = heap[0] as { due: number; order: number; item: T }
    const last = heap.pop() as { due: number; order: number; item: T }
    if (heap.length > 0) {
      heap[0] = last
      this.#sink()
    }
    return first
  }

  #sink(): void {
    const size = this.#heap.length
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      let least = at
      if (left < size && this.#before(left, least)) least = left
      if (left + 1 < size && this.#before(left + 1, least)) least = left + 1
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #before(a: number, b: number): boolean {
    const x = this.#heap[a] as { due: number; order: number }
    const y = this.#heap[b] as { due: number; order: number }
    return x.due < y.due || (x.due === y.due && x.order < y.order)
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap
    const kept = heap[a] as { due: number; order: number; item: T }
    heap[a] = heap[b] as { due: number; order: number; item: T }
    heap[b] = kept
  }
}
