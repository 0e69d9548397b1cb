/** Resolves at SIGTERM or Ctrl-C. */
export const stopSignal = (): Promise<void> =>
  new Promise((stop) => {
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  })
