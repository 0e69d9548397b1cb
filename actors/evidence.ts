/** A small picture of one plate as a reader saw it, in memory only. */
export type PlateCrop = {
  readonly bayId: string
  /** Whose picture it was cut from; absent = not known. */
  readonly cameraId?: string
  /** What the reader read there, folded. */
  readonly folded: string
  readonly confidence: number
  /** When it came in, ms since 1970. */
  readonly at: number
  /** JPEG. */
  readonly picture: Uint8Array
}

/** Where a crop is kept: `ref` names it, `sha256` (hex) is of the sealed bytes. */
export type KeptCrop = { readonly ref: string; readonly sha256: string; readonly bytes: number }

/** Pictures of plates outside memory: only ever sealed under a subject's key, and gone with it. */
export interface Evidence {
  /** Seals and keeps; durable when it resolves. Null where the subject's key was destroyed. Rejects with Fault STORE_UNWRITABLE. */
  keep(subject: string, picture: Uint8Array): Promise<KeptCrop | null>
  /** The picture; null where it or its key is gone. Rejects with Fault STORE_CORRUPT where the bytes are not those that were kept. */
  open(subject: string, kept: Pick<KeptCrop, 'ref' | 'sha256'>): Promise<Uint8Array | null>
  /** Destroys the subject's key and what was sealed under it. */
  destroy(subject: string, refs: readonly string[]): void
  /** Throws away what no record names: `known` are all refs that are. */
  sweep(known: ReadonlySet<string>): void
}
