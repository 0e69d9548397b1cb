import type { Journal, Scribe } from '../../actors/ports.ts'
import { REGISTER_FOLD } from '../../machines/register.ts'
import { openMemoryJournal } from '../../src/journal/memory.ts'
import { openMemoryKeys } from '../../src/privacy/key-store.ts'
import { registerDesk } from '../../src/register-desk.ts'
import { rebuildRegister } from '../../src/register-texts.ts'

const AT = Date.parse('2026-11-22T10:00:00Z')

/** A journal and key store in memory with the real sealing, and a register's desk on them. `failNext` makes the next write fail. */
export async function openRegisterRoom() {
  const clock = { now: () => AT, after: () => () => undefined }
  let drawn = 0
  const eight = (): string => {
    drawn = (drawn + 0x9e3779b1) >>> 0
    return drawn.toString(16).padStart(8, '0')
  }
  const chance = {
    hex: (length: number) =>
      Array.from({ length: Math.ceil(length / 8) }, eight)
        .join('')
        .slice(0, length)
        .toUpperCase(),
  }
  const keys = openMemoryKeys({ siteId: 'site-1', clock, chance })
  const journal = openMemoryJournal({ siteId: 'site-1', clock, keys })
  const failures: Error[] = []
  const scribe = scribeOn(journal, failures)
  const { register, texts } = await rebuildRegister(journal)
  const desk = registerDesk({ scribe, keys, register: () => register, texts, wasErased: () => false })
  return { desk, journal, keys, register, texts, failNext: (error: Error) => failures.push(error) }
}

/** Appends the entries of one call as one batch, as the site does. */
function scribeOn(journal: Journal, failures: Error[]): Scribe {
  return {
    async write(entries) {
      const failure = failures.shift()
      if (failure !== undefined) throw failure
      const from = journal.version('register')
      return journal.append(
        entries.map(({ stream, cause, decisions, personal }, index) => ({
          schema: 1,
          stream,
          bayId: null,
          version: from + index + 1,
          at: new Date(AT).toISOString(),
          machine: REGISTER_FOLD,
          cause,
          decisions,
          guards: [],
          effects: [],
          timers: { set: [], cleared: [] },
          state: null,
          detail: null,
          personal,
        })),
      )
    },
  }
}
