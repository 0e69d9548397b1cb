import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { LONG_FILES } from './long-files.ts'

const TOP = fileURLToPath(new URL('..', import.meta.url))
for (const file of LONG_FILES)
  if (!existsSync(`${TOP}/${file}`))
    throw new Error(`test/long-files.ts names ${file}, which is not there: strike it out`)

/** Long files first, so that at the end both processors have something to do; those that share a process last, because it goes on only between them. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const place = LONG_FILES.indexOf(moduleId.slice(TOP.length))
      if (place >= 0) return place
      return LONG_FILES.length + (project.config.isolate ? 0 : 1)
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

/** Rooms without sockets and timers: their tests leave nothing behind and share a process. All others have one for each file. */
const PURE = ['actors', 'machines', 'projections', 'properties', 'scenarios', 'simulations'].map(
  (room) => `${room}/**/*.test.ts`,
)

/** How `npm test` runs everything: in four processes at a time on two processors, since much of a run is waiting for sockets and timers; with patience, so that a limit ends only what hangs. */
export default defineConfig({
  test: {
    dir: 'test',
    maxWorkers: 4,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    sequence: { sequencer: LongFirst },
    projects: [
      { extends: true, test: { name: 'own', include: ['**/*.test.ts'], exclude: PURE } },
      { extends: true, test: { name: 'shared', include: PURE, isolate: false } },
    ],
  },
})
