import { filmCameras } from './camera-films.ts'
import type { Figure } from './figure-table.ts'

/** A minute of `npm run four-cameras`. */
export const camerasBench = (): Promise<readonly Figure[]> => filmCameras({ minutes: 1, fps: 5 })
