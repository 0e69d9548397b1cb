/** Line ends, terminal codes, and what turns the direction of a text. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu

/** What others said, as it may stand in a line: it neither begins one of its own nor moves a terminal. */
export const inOneLine = (says: string): string => says.replaceAll(UNSEEN, ' ')

/** One line of a log, its end included. `at` ms since 1970. */
export const logLine = (at: number, says: string): string => `${new Date(at).toISOString()}  ${inOneLine(says)}\n`
