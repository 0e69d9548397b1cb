/** One message of a toy camera; plates lie in the middle of their bay unless `x` (0..1 of the width) says where, or null: no box at all. */
export type ToyPicture = {
  readonly plates?: readonly {
    readonly bayId: string
    readonly plate: string
    readonly confidence?: number
    readonly id?: string
    readonly x?: number | null
  }[]
  readonly occupied?: readonly string[]
  /** Vehicles' boxes, where they do not simply fill the occupied bays. */
  readonly vehicles?: readonly (readonly [number, number, number, number])[]
  readonly frame?: string
  readonly capturedAt?: number
  readonly retained?: boolean
}
