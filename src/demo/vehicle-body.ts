import type { Plate } from './plate-design.ts'

/** How a vehicle looks. `facing` = which end shows to a camera in front of its bay. */
export type VehicleLook = {
  readonly body: 'hatch' | 'saloon' | 'suv' | 'van'
  readonly colour: Rgb
  readonly facing: 'front' | 'rear'
  readonly plate: Plate
  /** How far right of the middle the plate is, metres; vans often have it beside the door. */
  readonly plateOffset_m?: number
  /** A second plate on a bicycle rack, above the first. */
  readonly rackPlate?: Plate
}
export type Rgb = readonly [number, number, number]

/** Where it stands: middle of the vehicle on the ground, metres; yaw in radians, 0 = nose or tail straight at the camera. */
export type Pose = { readonly x: number; readonly z: number; readonly yaw_rad: number }

/** How bright surfaces are, and whether lamps burn. */
export type Lighting = { readonly sun: number; readonly lamps: boolean; readonly snow: boolean }

/** The measures of one body. */
export type Body = {
  readonly width_m: number
  /** Outline seen from the side, from the low point of one end over the roof to the other end: metres along, metres up. */
  readonly outline: readonly (readonly [number, number])[]
  /** Which edges of the outline are glass. */
  readonly glass: readonly number[]
  readonly belt_m: number
  readonly narrowing: number
}

/** Outlines start at the rear end. */
export const BODIES: { readonly [body in VehicleLook['body']]: Body } = {
  hatch: {
    width_m: 1.74,
    belt_m: 0.95,
    narrowing: 0.8,
    glass: [2, 4],
    outline: [
      [0.02, 0.26],
      [0, 0.78],
      [0.12, 0.96],
      [0.5, 1.4],
      [2.3, 1.46],
      [3.05, 0.98],
      [3.9, 0.82],
      [3.98, 0.26],
    ],
  },
  saloon: {
    width_m: 1.8,
    belt_m: 0.95,
    narrowing: 0.78,
    glass: [3, 5],
    outline: [
      [0.03, 0.27],
      [0, 0.82],
      [0.08, 0.96],
      [0.62, 1.0],
      [1.3, 1.38],
      [2.55, 1.42],
      [3.3, 0.97],
      [4.4, 0.8],
      [4.48, 0.27],
    ],
  },
  suv: {
    width_m: 1.86,
    belt_m: 1.08,
    narrowing: 0.84,
    glass: [2, 4],
    outline: [
      [0.02, 0.32],
      [0, 0.9],
      [0.08, 1.1],
      [0.4, 1.62],
      [2.7, 1.68],
      [3.35, 1.12],
      [4.3, 0.98],
      [4.4, 0.32],
    ],
  },
  van: {
    width_m: 1.9,
    belt_m: 1.1,
    narrowing: 0.9,
    glass: [2, 4],
    outline: [
      [0.02, 0.3],
      [0, 0.95],
      [0.03, 1.15],
      [0.1, 1.78],
      [3.4, 1.84],
      [4.15, 1.14],
      [4.62, 0.95],
      [4.7, 0.3],
    ],
  },
}

/** Length of a vehicle in metres. */
export function vehicleLength(look: VehicleLook): number {
  return (BODIES[look.body].outline.at(-1) as readonly [number, number])[0]
}
