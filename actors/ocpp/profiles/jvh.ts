import type { ProfileFamily } from './charge-point-profile.ts'

/** JVH and others of its kind. Public reports: evcc-io/evcc#16966, evcc-io/evcc#19405. The default reads all of it; named so that a test plays it. */
export const JVH: ProfileFamily = {
  name: 'jvh',
  family: 'JVH and alike',
  because: 'sends currents of L2 and L3 only, and its energy by phase',
  matches: [],
  traits: {},
}
