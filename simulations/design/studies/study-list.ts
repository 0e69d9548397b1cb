import { CAMERA_STUDY } from './camera-study.ts'
import { GRID_STUDY } from './grid-study.ts'
import { LOCK_STUDY } from './lock-study.ts'
import { PAYMENT_STUDY } from './payment-study.ts'
import { QUORUM_STUDY } from './quorum-study.ts'
import { SHUTTER_STUDY } from './shutter-study.ts'
import type { Study } from './study.ts'
import { ZONE_STUDY } from './zone-study.ts'

/** Every study that ships, in the order in which a site is designed. */
export const STUDIES: readonly Study[] = [
  ZONE_STUDY,
  LOCK_STUDY,
  SHUTTER_STUDY,
  CAMERA_STUDY,
  GRID_STUDY,
  PAYMENT_STUDY,
  QUORUM_STUDY,
]
