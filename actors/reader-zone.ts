import type { PictureRead, Polygon } from './ports.ts'
import type { ZoneLook } from './zone-look.ts'

/** A zone to read: its polygon, or more of it. */
export type ReaderZone =
  | Polygon
  | {
      readonly polygon: Polygon
      /** What is never recognised in it. */
      readonly masks: readonly Polygon[]
      /** Whose picture it is; absent = nobody asks. */
      readonly camera?: string
      /** Spare the recognising where the zone still looks like this. */
      readonly unlessLike?: ZoneLook
      /** Recognise it all the same where nothing else in the picture has to be. */
      readonly elseLast?: boolean
    }

/** What the reader saw of one zone: reads in its crop, and a small grey picture of it for presence. */
export type ZoneAnswer = {
  readonly reads: readonly PictureRead[]
  readonly look: ZoneLook
  /** Where something was read: a few numbers by which the same picture is known again, saved anew or not; no plate can be read in them. */
  readonly print?: readonly number[]
  /** Nothing was recognised: the zone looked as it was said to. */
  readonly spared?: boolean
}
