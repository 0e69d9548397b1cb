/** One text that outlives the process, replaced whole. */
export type LastingNote = {
  /** What was written last; null = nothing ever. */
  readonly text: string | null
  /** Resolves once it is durable for whoever comes next. Rejects with the fault of the store. */
  readonly write: (text: string) => Promise<void>
}

/** For whoever keeps nothing beyond its own time. */
export const PASSING_NOTE: LastingNote = { text: null, write: async () => {} }
