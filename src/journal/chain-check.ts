import { GENESIS, linkHash, sha256 } from './chain.ts'

/** One link as it was found. `content` and `personal` are canonical texts; null where only their hash was kept. */
export type FoundLink = {
  readonly seq: unknown
  readonly prev: unknown
  readonly contentHash: unknown
  readonly personalHash: unknown
  readonly hash: unknown
  readonly content: string | null
  readonly personal: string | null
}

/** Follows a hash chain from its first record on. */
export class ChainCheck {
  #seq = 0
  #hash = GENESIS

  /** Seq of the newest link that holds. */
  get seq(): number {
    return this.#seq
  }

  /** Hash of the newest link that holds. */
  get hash(): string {
    return this.#hash
  }

  /** Before the first link: what comes follows on this one, which somebody else has checked. */
  begin(before: { readonly seq: number; readonly hash: string }): void {
    this.#seq = before.seq
    this.#hash = before.hash
  }

  /** Takes the next link; answers what is wrong with it in one sentence, or null when it holds. `beside` looks at the rest once its hashes hold. */
  take(link: FoundLink, beside?: () => string | null): string | null {
    const wrong = this.#wrong(link) ?? beside?.() ?? null
    if (wrong !== null) return wrong
    this.#seq++
    this.#hash = String(link.hash)
    return null
  }

  #wrong({ seq, prev, contentHash, personalHash, hash, content, personal }: FoundLink): string | null {
    const next = this.#seq + 1
    if (seq !== next) return `record ${next} is missing or out of place: seq ${show(seq)} stands there`
    if (content !== null) {
      const found = sha256(content)
      if (found !== contentHash)
        return `record ${next}: its content was altered (contentHash says ${show(contentHash)}, the content gives ${found})`
    }
    if (personal !== null) {
      const found = sha256(personal)
      if (found !== personalHash)
        return `record ${next}: its personal fields were altered (personalHash says ${show(personalHash)}, the sealed bytes give ${found})`
    }
    if (prev !== this.#hash)
      return `record ${next}: its prev is ${show(prev)}, but ${next === 1 ? 'the first record needs' : `record ${next - 1} has the hash`} ${this.#hash}`
    const found = linkHash(String(prev), String(contentHash), String(personalHash))
    if (found !== hash) return `record ${next}: its hash is ${show(hash)}, but its parts give ${found}`
    return null
  }
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80)
