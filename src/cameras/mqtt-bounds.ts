/** What of a broker's connection is looked at. */
type Stream = {
  on(event: 'data', hear: (bytes: Uint8Array) => void): unknown
  destroy(): unknown
}

/** How large each packet of MQTT will be, by its first bytes, in however many pieces they come. */
class PacketSizes {
  readonly #largest: number
  /** Bytes of the packet's body that are still to come; null: its length is being told. */
  #left: number | null = null
  #length = 0
  /** Bytes of its head so far: one of its kind, then up to four of its length, seven bits each. */
  #head = 0

  constructor(largest: number) {
    this.#largest = largest
  }

  /** False where a packet has begun that is larger than it may be, or that has no length. */
  isBounded(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left === null) {
        if (!this.#takeHead(bytes[at] ?? 0)) return false
        at += 1
      } else {
        const step = Math.min(this.#left, bytes.length - at)
        this.#left -= step
        at += step
      }
      if (this.#left === 0) this.#left = null
    }
    return true
  }

  #takeHead(byte: number): boolean {
    if (this.#head > 0) this.#length += (byte & 0x7f) * 128 ** (this.#head - 1)
    this.#head += 1
    if (this.#head === 1) return true
    if (this.#length > this.#largest || (this.#head > 5 && byte > 0x7f)) return false
    if (byte > 0x7f) return true
    this.#left = this.#length
    this.#length = 0
    this.#head = 0
    return true
  }
}

/** Ends a broker's connection as soon as a packet begins that is larger than `largest` bytes: the client would gather all of it first. */
export function boundPackets(stream: Stream, largest: number, cut: () => void): void {
  const sizes = new PacketSizes(largest)
  let isCut = false
  stream.on('data', (bytes) => {
    if (isCut || sizes.isBounded(bytes)) return
    isCut = true
    cut()
    stream.destroy()
  })
}
