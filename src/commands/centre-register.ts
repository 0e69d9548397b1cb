import { readFileSync } from 'node:fs'
import { handedRegisters, putRegister, removeRegister } from '../centre/handed-registers.ts'
import type { PostgresLine } from '../journal/postgres-line.ts'

/** How `berth centre register` is called. */
export const REGISTER_USAGE =
  'write `berth centre register put FILE SITE…`, `berth centre register remove SITE` or `berth centre register list`.'

/** Signed registers that gateways fetch from their centre. False where the words make no sense. */
export async function centreRegister(line: PostgresLine, words: readonly string[], json: boolean): Promise<boolean> {
  const [verb, first, ...rest] = words
  const say = (text: string): void => void process.stdout.write(`${text}\n`)
  if (verb === 'list' && first === undefined) {
    const notes = await handedRegisters(line)
    if (json) say(JSON.stringify(notes, null, 2))
    else
      for (const { site, version, key, bytes, put } of notes)
        say([site, `version ${version}`, `${bytes} bytes`, `put ${put}`, `signed with ${key}`].join('\t'))
    return true
  }
  if (verb === 'remove' && first !== undefined && rest.length === 0) {
    const was = await removeRegister(line, first)
    say(
      was
        ? `No register lies here for ${first} any more; what it has taken stays there.`
        : `None lay here for ${first}.`,
    )
    return true
  }
  if (verb !== 'put' || first === undefined || rest.length === 0) return false
  const version = await putRegister(line, readFileSync(first, 'utf8'), rest, new Date().toISOString())
  say(
    `Version ${version} of the register lies ready for ${rest.join(', ')}; their gateways take it when they next ask.`,
  )
  return true
}
