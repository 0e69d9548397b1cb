/** A zone at a glance: `size`×`size` grey values 0..255 (polygon's bounding box), base64, and the mask of cells inside the polygon. No plate can be read in it. */
export type ZoneLook = { readonly size: number; readonly grey: string }

/** A whole picture at a glance, for the camera's health; a reader may leave it out. `look`: its grey cells, the mask 255 where no zone lies; no plate can be read in it. `glare`: share of burnt-out pixels, 0..1. */
export type PictureView = {
  readonly look: ZoneLook
  /** How much fine detail there is for its contrast, 0 upwards: falls when focus is lost or the lens is dirty. */
  readonly sharpness: number
  /** Standard deviation and mean of its grey values, 0..255. */
  readonly spread: number
  readonly mean: number
  readonly glare: number
}
