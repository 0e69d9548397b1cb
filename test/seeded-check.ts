import fc from 'fast-check'

/**
 * fast-check with one seed for all tests, so that a run says something of the code and never of the day: what failed yesterday fails
 * today. `BERTH_SEED=<number>` takes another, `BERTH_SEED=random` a new one each time (a failure prints it); `npm run laws` explores so.
 */
const seed = process.env['BERTH_SEED'] ?? '20261122'
/** The same for tests that draw places and faults themselves. */
export const SEED = seed === 'random' ? Math.floor(Math.random() * 2 ** 32) : Number(seed)
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) })

export { fc }
