import { readFileSync } from 'node:fs'

/**
 * Loaded into a process before anything else: its wall clock is off by as many ms as the file in BERTH_TEST_CLOCK says, from the moment
 * that it says so, as when somebody sets the clock of a machine. What counts time that cannot be set (timers, `performance.now`) stays.
 */
const path = process.env['BERTH_TEST_CLOCK']
const LOOK_MS = 100
const Real = globalThis.Date
let off_ms = 0

const look = (): void => {
  try {
    off_ms = Number(readFileSync(String(path), 'utf8'))
  } catch {
    // Nobody has set it yet.
  }
}

class Stepped extends Real {
  constructor(...given: []) {
    if (given.length > 0) super(...given)
    else super(Real.now() + off_ms)
  }
  static override now(): number {
    return Real.now() + off_ms
  }
}

if (path !== undefined) {
  setInterval(look, LOOK_MS).unref()
  globalThis.Date = Stepped as unknown as DateConstructor
}
