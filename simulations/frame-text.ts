import type { ReaderConfusion } from './reader-confusion.ts'
import type { Draw } from './toy-plates.ts'

/** One text of one frame. `characters` = confidence of each character, `confidence` their mean, 0..1. */
export type FrameText = {
  readonly text: string
  readonly characters: readonly number[]
  readonly confidence: number
  /** Both recognisers read it alike: two witnesses. */
  readonly agreed: boolean
}

/** A text with its characters' confidence; not yet said by both. */
export const textOf = (text: string, characters: readonly number[]): FrameText => ({
  text,
  characters,
  confidence: characters.reduce((sum, one) => sum + one, 0) / Math.max(1, characters.length),
  agreed: false,
})

/** A text with whether both recognisers read it so: drawn for each frame by itself, which is harder than frames that repeat each other. */
export function together(
  text: FrameText,
  kind: keyof ReaderConfusion['together'],
  draw: Draw,
  confusion: ReaderConfusion,
): FrameText {
  const { texts, agreed } = confusion.together[kind]
  return { ...text, agreed: draw() * texts < agreed }
}
