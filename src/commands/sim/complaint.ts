/** One sentence for people, and the exit code. */
export function complain(says: string, code: number): number {
  process.stderr.write(`${says}\n`)
  return code
}
