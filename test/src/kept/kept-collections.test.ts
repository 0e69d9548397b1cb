import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const TOP = join(import.meta.dirname, '../../..')

/** What a part keeps beside its records, and may lose with the process: it is no memory of them. */
const LIVE_ONLY: readonly string[] = [
  'central-orders.ts #inWork',
  'central-policy.ts #waiting',
  'desk.ts #listeners',
  'plate-starts.ts #granted',
  'review-desk.ts #answering',
  'review-evidence.ts #destroying',
  'review-evidence.ts #keeping',
  'review-evidence.ts #looks',
  'site-past.ts #near',
  'unplaced-desk.ts #closing',
  'unplaced-desk.ts #opening',
]

const FIELD = /^ {2}(?:readonly )?#(\w+)(?:: [^=\n]+)? = (?:new (?:Map|Set)\b|\[\])/gm

/** Collections of parts with a memory that the memory does not name. */
function unnamed(): readonly string[] {
  return ['actors', 'src'].flatMap((room) =>
    readdirSync(join(TOP, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const text = readFileSync(join(TOP, room, file), 'utf8')
        const [, declared] = /\bmemory(?:: Memory)? = ((?:memory|cell)\([\s\S]*?)\n\n/.exec(text) ?? []
        if (declared === undefined) return []
        return [...text.matchAll(FIELD)]
          .filter(([, name]) => !new RegExp(`this\\.#${name}\\b`).test(declared))
          .map(([, name]) => `${file.replace(/^.*\//, '')} #${name}`)
      }),
  )
}

test('every collection of whoever hears records is in its memory, or stands here as one that lives with the process alone', () => {
  expect(unnamed().toSorted()).toEqual(LIVE_ONLY)
})
