/** What the guards are shown: texts that they must refuse, and texts beside them that they must let pass. See canaries.test.ts. */

const long = `export function long(): number {\n  let n = 0\n${'  n += 1\n'.repeat(61)}  return n\n}\n`

/**
 * file, its text, and the rule by which Biome must refuse it. The packages they import do not exist: a real one would bring
 * Node's types along, and the compiler's canaries beside them would find `console` after all.
 */
export const LINT: readonly (readonly [what: string, file: string, text: string, rule: string])[] = [
  ['machines ask the time', 'machines/asks-now.ts', 'export const a = (): number => Date.now()\n', 'plugin'],
  ['machines make a date of now', 'machines/asks-date.ts', 'export const a = (): Date => new Date()\n', 'plugin'],
  ['projections ask chance', 'projections/asks-chance.ts', 'export const a = (): number => Math.random()\n', 'plugin'],
  ['actors ask chance by its name', 'actors/asks-chance-too.ts', 'export const a = [1].map(Math.random)\n', 'plugin'],
  [
    'simulations ask a stop watch',
    'simulations/scenarios/asks-watch.ts',
    'export const a = (): number => performance.now()\n',
    'plugin',
  ],
  [
    'machines import a package',
    'machines/takes-package.ts',
    "import a from '@scope/a-package'\nexport const b = a\n",
    'noRestrictedImports',
  ],
  [
    'machines import a part of xstate',
    'machines/takes-part.ts',
    "import { a } from 'xstate/graph'\nexport const b = a\n",
    'noRestrictedImports',
  ],
  [
    'machines import Node',
    'machines/takes-node.ts',
    "import { a } from 'node:fs'\nexport const b = a\n",
    'noRestrictedImports',
  ],
  [
    'machines import another room',
    'machines/takes-room.ts',
    "import type { Thing } from '../actors/actors-thing.ts'\nexport type A = Thing\n",
    'noRestrictedImports',
  ],
  [
    'projections import a package',
    'projections/takes-package-too.ts',
    "import a from 'a-package'\nexport const b = a\n",
    'noRestrictedImports',
  ],
  [
    'projections import actors',
    'projections/takes-actors.ts',
    "import type { Thing } from '../actors/actors-thing.ts'\nexport type A = Thing\n",
    'noRestrictedImports',
  ],
  [
    'actors import Node',
    'actors/takes-node-too.ts',
    "import { a } from 'node:net'\nexport const b = a\n",
    'noRestrictedImports',
  ],
  [
    'simulations import src',
    'simulations/scenarios/takes-src.ts',
    "import type { Thing } from '../../src/src-thing.ts'\nexport type A = Thing\n",
    'noRestrictedImports',
  ],
  [
    'simulations import a package',
    'simulations/takes-package-also.ts',
    "import a from 'a-package/part'\nexport const b = a\n",
    'noRestrictedImports',
  ],
  [
    'src outside its commands imports simulations',
    'src/takes-simulations.ts',
    "import type { Thing } from '../simulations/simulations-thing.ts'\nexport type A = Thing\n",
    'noRestrictedImports',
  ],
  [
    'src outside its commands imports the demo',
    'src/takes-demo.ts',
    "import type { Thing } from './demo/stage-thing.ts'\nexport type A = Thing\n",
    'noRestrictedImports',
  ],
  [
    'a command imports test',
    'src/commands/takes-test.ts',
    "import type { Thing } from '../../test/test-thing.ts'\nexport type A = Thing\n",
    'noRestrictedImports',
  ],
  [
    'two files import each other',
    'src/cycle-one.ts',
    "import { two } from './cycle-two.ts'\nexport const one = (): number => two()\n",
    'noImportCycles',
  ],
  ['a default export', 'src/defaults.ts', 'const a = 1\nexport default a\n', 'noDefaultExport'],
  ['a barrel', 'src/barrel.ts', "export * from './src-thing.ts'\n", 'noReExportAll'],
  ['a file named in camels', 'src/camelCase.ts', 'export const a = 1\n', 'useFilenamingConvention'],
  ['a function of 63 lines', 'src/long.ts', long, 'noExcessiveLinesPerFunction'],
  [
    'a promise that nobody awaits',
    'src/floats.ts',
    'const later = async (): Promise<void> => {}\nexport function a(): void {\n  later()\n}\n',
    'noFloatingPromises',
  ],
  [
    'a variable that nobody reads',
    'src/unused.ts',
    'export function a(): void {\n  const b = 1\n}\n',
    'noUnusedVariables',
  ],
]

/** file, its text, and the compiler error that must refuse it. Each reaches for a thing of its own: the compiler names each once. */
export const COMPILE: readonly (readonly [what: string, file: string, text: string, error: string])[] = [
  ...(
    [
      ['machines', 'projections'],
      ['machines', 'actors'],
      ['machines', 'simulations'],
      ['machines', 'src'],
      ['machines', 'test'],
      ['projections', 'actors'],
      ['projections', 'simulations'],
      ['projections', 'src'],
      ['projections', 'test'],
      ['actors', 'projections'],
      ['actors', 'simulations'],
      ['actors', 'src'],
      ['actors', 'test'],
      ['simulations', 'src'],
      ['simulations', 'test'],
      ['src', 'test'],
    ] as const
  ).map(
    ([from, to]) =>
      [
        `${from} import ${to}`,
        `${from}/reaches-${to}.ts`,
        `import type { Thing } from '../${to}/${to}-thing.ts'\nexport type A = Thing\n`,
        'TS6307',
      ] as const,
  ),
  ['machines read the process', 'machines/reads-process.ts', 'export const a = process.pid\n', 'TS2591'],
  [
    'actors open a file',
    'actors/opens-file.ts',
    "import { open } from 'node:fs/promises'\nexport const a = open\n",
    'TS2591',
  ],
  ['projections print', 'projections/prints.ts', "export const a = (): void => console.log('a')\n", 'TS2584'],
  [
    'simulations set a timer of this machine',
    'simulations/sets-timer.ts',
    'export const a = (): unknown => setTimeout(() => 1, 1)\n',
    'TS2',
  ],
  ['an enum, which Node cannot strip', 'src/enums.ts', 'export enum A {\n  b = 1,\n}\n', 'TS1294'],
  [
    'an array read as if it had no end',
    'src/reads-past.ts',
    'export const a = (list: number[]): number => list[3]\n',
    'TS2322',
  ],
]

/** What each room may do, and every guard must let pass. */
export const FINE: Readonly<Record<string, string>> = {
  'machines/machines-thing.ts':
    "import { createMachine } from 'xstate'\nexport type Thing = number\nexport const at = new Date(3).getTime()\nexport const machine = createMachine({})\n",
  'projections/projections-thing.ts':
    "import type { Thing as Machine } from '../machines/machines-thing.ts'\nexport type Thing = Machine\n",
  'actors/actors-thing.ts':
    "import { createActor } from 'xstate'\nimport type { Thing as Machine } from '../machines/machines-thing.ts'\nexport type Thing = Machine\nexport const make = createActor\n",
  'simulations/simulations-thing.ts':
    "import type { Thing as Actor } from '../actors/actors-thing.ts'\nimport type { Thing as Machine } from '../machines/machines-thing.ts'\nimport type { Thing as View } from '../projections/projections-thing.ts'\nexport type Thing = Machine | Actor | View\n",
  'simulations/scenarios/scenario-thing.ts':
    "import type { Thing as Actor } from '../../actors/actors-thing.ts'\nimport type { Thing as World } from '../simulations-thing.ts'\nexport type Scenario = Actor | World\n",
  'src/src-thing.ts':
    "import type { Thing as View } from '../projections/projections-thing.ts'\nexport type Thing = View\n",
  'src/plug-thing.ts':
    "import { open } from 'node:fs/promises'\nexport const now = (): number => Date.now()\nexport const files = open\n",
  'src/commands/demo-thing.ts':
    "import type { Thing as World } from '../../simulations/simulations-thing.ts'\nexport type Demo = World\n",
  'src/demo/stage-thing.ts':
    "import type { Thing as World } from '../../simulations/simulations-thing.ts'\nexport type Thing = World\n",
  'src/cli.ts': "import { now } from './plug-thing.ts'\n\nnow()\n",
  'src/cycle-two.ts': "import { one } from './cycle-one.ts'\nexport const two = (): number => one()\n",
  'test/test-thing.ts':
    "import type { Thing as World } from '../simulations/simulations-thing.ts'\nexport type Thing = World\n",
}
