/** What keeps a picture from being sharp and bright enough: movement, focus, night. Lengths in m unless the name says mm or µm. */

/** Pixels over which a plate smears that moves at `speed_kmh`, seen under `angle_deg` to its way, while the shutter is open. */
export function blurPixels(speed_kmh: number, shutter_s: number, perMetre: number, angle_deg: number): number {
  return (speed_kmh / 3.6) * shutter_s * perMetre * Math.sin((angle_deg * Math.PI) / 180)
}

/** Circle of confusion that still counts as sharp, µm: about one pixel of a small sensor. */
const CIRCLE_UM = 2

/** Sharp from `near_m` to `far_m` (Infinity beyond the hyperfocal distance). `aperture` is the f-number. */
export function depthOfField(
  focal_mm: number,
  aperture: number,
  focus_m: number,
  circle_um: number = CIRCLE_UM,
): { readonly near_m: number; readonly far_m: number; readonly hyperfocal_m: number } {
  const hyperfocal_m = (focal_mm ** 2 / (aperture * (circle_um / 1000)) + focal_mm) / 1000
  const near_m = (hyperfocal_m * focus_m) / (hyperfocal_m + focus_m)
  const far_m = focus_m >= hyperfocal_m ? Number.POSITIVE_INFINITY : (hyperfocal_m * focus_m) / (hyperfocal_m - focus_m)
  return { near_m, far_m, hyperfocal_m }
}

/** Pixels over which a point smears that is not in focus: the lens's circle at `depth_m` when it is focused at `focus_m`. */
export function defocusPixels(
  focal_mm: number,
  aperture: number,
  focus_m: number,
  depth_m: number,
  pixelsPerMm: number,
): number {
  const focus_mm = focus_m * 1000
  const depth_mm = Math.max(1, depth_m * 1000)
  const circle_mm = (focal_mm ** 2 / aperture) * (Math.abs(depth_mm - focus_mm) / (depth_mm * (focus_mm - focal_mm)))
  return circle_mm * pixelsPerMm
}

/** How many times a plate's retro-reflective sheet sends more 850 nm light back than a white wall would, at a small angle. */
const RETRO_GAIN = 40
/** Beyond this angle between the light's way in and the plate's face the sheet has lost half of that, degrees. */
const RETRO_HALF_deg = 30

/**
 * How bright a plate is by the camera's own infrared, where 1 is just enough for the shutter of 1/250 s: the lamp's rated range is
 * where a grey wall is just bright enough; light falls with the square of the way; the sheet gives more back the straighter it is seen.
 */
export function infraredLevel(depth_m: number, rated_m: number, shutter_s: number, angle_deg: number): number {
  const retro = 1 + (RETRO_GAIN - 1) / (1 + (angle_deg / RETRO_HALF_deg) ** 4)
  return (rated_m / Math.max(0.5, depth_m)) ** 2 * retro * (shutter_s / 0.004)
}
