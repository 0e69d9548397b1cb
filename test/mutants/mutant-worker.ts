import { type Effort, Judge, type Survey } from './judge.ts'
import type { Mutant } from './mutant.ts'
import { MutantModules } from './mutant-modules.ts'

/** What a worker is asked, and answers with `of` the same number. */
export type Asked = { readonly of: number } & (
  | { readonly ask: 'survey' }
  | { readonly ask: 'heed'; readonly survey: Survey }
  | { readonly ask: 'judge'; readonly mutant: Mutant }
  | { readonly ask: 'seek'; readonly mutant: Mutant; readonly promises: readonly string[] }
)

const judge = new Judge(new MutantModules(), JSON.parse(process.argv[2] ?? '') as Effort)
process.on('unhandledRejection', (thrown) => judge.stray(thrown))
process.on('uncaughtException', (thrown) => judge.stray(thrown))

async function answer(asked: Asked): Promise<unknown> {
  switch (asked.ask) {
    case 'survey':
      return judge.survey()
    case 'heed':
      return judge.heed(asked.survey)
    case 'judge':
      return judge.judge(asked.mutant)
    default:
      return judge.seeks(asked.mutant, asked.promises)
  }
}

process.on('message', (asked: Asked) => {
  answer(asked).then(
    (answered) => process.send?.({ of: asked.of, answered: answered ?? null }),
    (thrown: unknown) => process.send?.({ of: asked.of, thrown: String(thrown) }),
  )
})
