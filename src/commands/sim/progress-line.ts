/** Work that takes a while, on a terminal: how far it is and how long it may take yet. Silent in a pipe. */
export function progressLine(what: string): {
  readonly told: (done: number, of: number) => void
  readonly end: () => void
} {
  if (!process.stderr.isTTY) return { told: () => {}, end: () => {} }
  const began = performance.now()
  return {
    told(done, of) {
      const left_s = Math.round((((performance.now() - began) / done) * (of - done)) / 1000)
      process.stderr.write(`\r${what}: ${done} of ${of}, about ${left_s} s left\u001b[K`)
    },
    end: () => void process.stderr.write('\r\u001b[K'),
  }
}
