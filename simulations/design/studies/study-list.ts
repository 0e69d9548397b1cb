import { GRID_STUDY } from './grid-study.ts'
import type { Study } from './study.ts'
import { ZONE_STUDY } from './zone-study.ts'

/** Every study that ships, in the order in which a site is designed. */
export const STUDIES: readonly Study[] = [ZONE_STUDY, GRID_STUDY]
