import type { ProfileFamily } from './charge-point-profile.ts'

const single = (name: string, because: string, traits: ProfileFamily['traits']): ProfileFamily => ({
  name,
  family: 'any charge point',
  because,
  matches: [],
  traits,
})

/** One trait each, for charge points of no family that has a file: a site file puts several together with `+`. */
export const SINGLE_TRAITS: readonly ProfileFamily[] = [
  single('export-current', 'has the directions exchanged: its current comes as Current.Export', {
    currentFrom: 'export',
  }),
  single('neutral-current', 'its current comes on N, beside lines that are 0', { currentOn: 'neutral' }),
  single('short-token', 'cuts or refuses tokens of more than 14 characters', { tokenLength: 14 }),
  single('start-on-plug', 'gives up waiting for a cable quickly, or falls to Finishing', { startOn: 'plug' }),
  single('re-plug', 'starts nothing from Finishing before the plug was out and in again', { replug: true }),
  single('trusts-remote', 'fails where it has to ask before a remote start begins', { authorizesRemote: false }),
  single('offline-everybody', 'shall let whoever comes charge while it cannot ask', { offline: 'everybody' }),
  single('offline-nobody', 'shall let nobody charge while it cannot ask', { offline: 'nobody' }),
  single('suspended-draws', 'says SuspendedEVSE while energy flows', { suspendedEvse: 'may-draw' }),
  single('silent-when-suspended', 'sends no meter values in SuspendedEV', { silentWhenSuspended: true }),
  single('kilowatts', 'sends kilowatts and calls them W', { powerTimes: 1_000 }),
  single('by-power', 'its current is not to be trusted, its power is', { drawingBy: 'power' }),
  single('by-register', 'neither its current nor its power is to be trusted, its register is', {
    drawingBy: 'register',
  }),
  single('by-status', 'measures nothing: its word Charging is all there is', { drawingBy: 'status' }),
  single('by-transaction', 'neither measures nor tells its status truly: only a transaction locks', {
    drawingBy: 'transaction',
  }),
  single('register-slips', 'its register slips between Wh and kWh', { registerSlips: true }),
  single('silent-end', 'sends no StopTransaction: Available is its word for the end', { availableMay: 'ended' }),
  single('stray-stop', 'stops with ids that nobody gave', { strayStop: 'ends-the-open' }),
  single('silent-status', 'does not tell its status until it is asked', { statusEvery_s: 30 }),
  single('autocharge', 'hands on the vehicle’s own address as `VID:` and 12 hex digits', { autochargePrefix: 'VID:' }),
]
