import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { COMMISSION_STEPS, type CommissionStep, type StepSeen } from '../commissioning/commission-check.ts'
import { askOwner, saysBroke, saysRefused } from '../owner-call.ts'
import { readSiteFile, type SiteFile } from '../site-file.ts'

const ASKS: { readonly [step in CommissionStep]: string } = {
  plate: 'Drive a vehicle into the bay, or hold a test plate up in it, until it is read.',
  plug: 'Plug in at the bay’s own connector.',
  start: 'Start a charge: with the plate, a card, or an order of the API.',
  stop: 'Stop it.',
  night: 'Look at a picture of the bay at night, then type yes.',
}
const EACH_ms = 500

type Word = { readonly since: number; skipped: { [step: string]: string }; nightSeen: boolean }
type Told = { readonly since: number; readonly steps: readonly StepSeen[] }

/**
 * `berth commission BAY --site site.yaml`: walks through the steps of a bay beside the running server, and ends in a signed record. A line `skip
 * REASON` skips a step. 0; 1 where the server refuses or the input ends, 2 for a wrong call. `lines` are what a person types.
 */
export async function commission(argv: string[], lines: AsyncIterable<string> = typed()): Promise<number> {
  const options = { site: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options })
  const [bayId, ...more] = positionals
  if (values.site === undefined || bayId === undefined || more.length > 0)
    return told('write `berth commission BAY --site site.yaml`.', 2)
  const file = await readSiteFile(values.site)
  const path = `/api/bays/${encodeURIComponent(bayId)}/commissioning`
  const begun = await ask(file, path)
  if (typeof begun === 'string') return told(begun, 1)
  const word: Word = { since: begun.since, skipped: {}, nightSeen: false }
  const reader = lines[Symbol.asyncIterator]()
  let line = reader.next()
  for (const [at, step] of COMMISSION_STEPS.entries()) {
    say(`${at + 1}/${COMMISSION_STEPS.length} ${step}: ${ASKS[step]} (skip REASON)`)
    for (;;) {
      const now = await Promise.race([line, pause()])
      if (now?.done === true) return told('the input ended before the last step; nothing was recorded.', 1)
      if (now !== null) line = reader.next()
      if (now !== null && took(step, now.value, word)) break
      const seen = await ask(file, `${path}?since=${word.since}`)
      if (typeof seen === 'string') return told(seen, 1)
      const shown = seen.steps.find((one) => one.step === step)
      if (shown?.seq == null) continue
      if (shown.others.length === 0) {
        say(`    shown by ${shown.by.join(', ')}, record ${shown.seq}`)
        break
      }
      say(`    ${shown.others.join(', ')} saw it as well: mend zone or cable and begin again, or skip REASON`)
      const next = await line
      line = reader.next()
      if (next.done !== true && took(step, next.value, word)) break
      return told('nothing was recorded.', 1)
    }
  }
  const body = JSON.stringify(word)
  const answer = await askOwner(file, path, {
    body,
    type: 'application/json',
    fits: ({ seq }) => Number.isInteger(seq),
  })
  if (answer === null || 'broke' in answer) return told('the server is gone; nothing is known of the record.', 1)
  if (answer.status !== 201) return told(saysRefused(answer), 1)
  say(`${bayId} is commissioned: record ${String(answer.body?.['seq'])}, signed.`)
  return 0
}

/** Whether the line settles the step. */
function took(step: CommissionStep, line: string, word: Word): boolean {
  const reason = /^\s*skip\s+(\S.*)$/i.exec(line)?.[1]
  if (reason !== undefined) word.skipped[step] = reason.slice(0, 200)
  else if (step === 'night' && /^\s*(yes|y|ja)\s*$/i.test(line)) word.nightSeen = true
  else return false
  return true
}

async function ask(file: SiteFile, path: string): Promise<Told | string> {
  const answer = await askOwner(file, path, { method: 'GET', fits: (told) => 'steps' in told })
  if (answer === null) return 'no server runs for this site; start `berth serve` first.'
  if ('broke' in answer) return saysBroke(answer, 'run it again.')
  return answer.status === 200 ? (answer.body as unknown as Told) : saysRefused(answer)
}

const pause = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), EACH_ms))
const typed = (): AsyncIterable<string> => createInterface({ input: process.stdin })
const say = (text: string): void => void process.stdout.write(`${text}\n`)

function told(says: string, code: number): number {
  process.stderr.write(`berth commission: ${says}\n`)
  return code
}
