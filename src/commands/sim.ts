import { nearestWord } from '../nearest-word.ts'
import { SIM_PARTS } from './sim-parts.ts'

/** `berth sim PART …`: site design. Answers what the part answers, and 2 where there is no such part. */
export async function sim(argv: string[]): Promise<number> {
  const [name, ...rest] = argv
  const part = SIM_PARTS.find((one) => one.name === name)
  if (part) return (await part.load())(rest)
  const names = SIM_PARTS.map((one) => one.name)
  const near = name === undefined ? null : nearestWord(name, names)
  const hint = near === null ? `it is one of ${names.join(', ')}` : `did you mean \`berth sim ${near}\`?`
  const says = name === undefined ? 'berth sim: say what to do;' : `There is no \`berth sim ${name.slice(0, 40)}\`;`
  process.stderr.write(`${says} ${hint.endsWith('?') ? hint : `${hint}.`}\n`)
  return 2
}
