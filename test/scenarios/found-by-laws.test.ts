import { expect, test } from 'vitest'
import { livedThrough } from '../properties/bay-commands.ts'
import { TALES } from '../properties/bay-tales.ts'
import { LAWS } from '../properties/law-book.ts'

test.each(TALES)('%s', (_, tale) => {
  const run = livedThrough(tale)
  for (const clause of LAWS.flatMap((law) => law.bay)) expect(clause.breach(run), clause.says).toBeNull()
})
