/** Where a second reader's answer is from; absent fields = no second reader is set up. */
export type SecondOpinion = {
  /** The reader's host and model, how sure it says it is, and how long it took. */
  readonly by?: string
  readonly model?: string
  readonly confidence?: number | null
  readonly took_ms?: number
  /** False: it shares a model with the first reader, has the same errors, and is no second witness. */
  readonly independent?: boolean
  readonly why?: 'no crop' | 'budget' | 'resting' | 'no answer'
}
