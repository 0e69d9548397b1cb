import { parseArgs } from 'node:util'
import { DEFAULT_POLICY, type Policy } from '../../machines/events.ts'
import { seededDraw, TOY_FORMATS, type ToyFormat, toyRegister } from '../../simulations/toy-plates.ts'
import {
  countPayers,
  type PayerCounts,
  type PayerRegister,
  type PayerSite,
  payerRegister,
  type TrustPorts,
  upperBound,
} from '../../simulations/wrong-payer.ts'
import { plateCrowd, plateParts } from '../../src/plate-crowd.ts'
import { plateTrust } from '../../src/plate-trust.ts'
import { ownChance } from '../../src/vision/own-chance.ts'

/** `npm run wrong-payer`: how often somebody else pays, by simulation from the reader's measured errors. Options: see HELP. */
const HELP = `node test/bench/payer-table.ts [--visits N] [--only FORMATS] [--difficulty D] [--rules]

  --visits N        visits for each line, default 1000000
  --only FORMATS    one line of formats, joined with +: ${TOY_FORMATS.join(', ')}
  --difficulty D    weak places so much more often than measured, default 1
  --rules           what each rule does instead: a tenth of the visits, the larger register
`
const SIZES = [10_000, 100_000]
const GROUPS: readonly (readonly ToyFormat[])[] = [
  ['british'],
  ['french'],
  ['us-7'],
  ['us-6'],
  ['brazilian', 'mercosur'],
  ['dutch'],
  ['swedish'],
  ['polish'],
  ['german'],
  ['british', 'french', 'dutch', 'swedish', 'polish', 'german'],
]
/** Visits that are judged whatever was read, for the shares of right and fallback. */
const JUDGED = 1_000
const FRAMES = 16
const FRAME_MS = 500
const REGISTERED = 0.5

/** What decides: the production rules, or less. */
type Rules = { readonly name: string; readonly quorum: number; readonly trust: (garage: PayerRegister) => TrustPorts }

const production = (garage: PayerRegister): Required<TrustPorts> =>
  plateTrust({
    keys: garage.keys,
    register: () => garage.register,
    plates: () => garage.plates,
    plateOf: (handle) => garage.plates.get(handle) ?? null,
  })

/** The reader's calibration and registered neighbours, as they were before spellings and density counted. */
function neighboursOnly(garage: PayerRegister): TrustPorts {
  const find = (folded: string): string | null => garage.keys.findVehicle(folded)
  const isPart = plateParts(
    () => garage.plates,
    () => garage.register,
    find,
  )
  return {
    chance: (_cameraId, candidate) => ownChance(candidate, isPart(candidate.folded)),
    crowd: plateCrowd(garage.keys, () => garage.register),
  }
}

const DEFAULT: Rules = { name: 'default', quorum: DEFAULT_POLICY.quorum, trust: production }
const LESS: readonly Rules[] = [
  { ...DEFAULT, name: 'quorum 1', quorum: 1 },
  DEFAULT,
  { ...DEFAULT, name: 'quorum 3', quorum: 3 },
  { ...DEFAULT, name: 'no neighbours', trust: (garage) => ({ chance: production(garage).chance }) },
  { ...DEFAULT, name: 'no spellings, no density', trust: neighboursOnly },
  { ...DEFAULT, name: 'agreement and match alone', trust: () => ({}) },
  { name: 'one frame and match alone', quorum: 1, trust: () => ({}) },
]

/** One line of the table. */
function line(name: string, size: number, counts: PayerCounts): string {
  const { judged, visits, wrong } = counts
  const own = Math.max(1, judged.right + judged.fallback)
  const figures = [
    name,
    size.toLocaleString('en'),
    visits.toLocaleString('en'),
    wrong,
    (wrong / visits).toExponential(1),
    upperBound(wrong, visits).toExponential(1),
    `${((100 * judged.right) / own).toFixed(0)} %`,
    `${((100 * judged.fallback) / own).toFixed(0)} %`,
  ]
  return `| ${figures.join(' | ')} |\n`
}

function site(garage: PayerRegister, formats: readonly ToyFormat[], rules: Rules, difficulty: number): PayerSite {
  const policy: Policy = { ...DEFAULT_POLICY, quorum: rules.quorum }
  const trust = rules.trust(garage)
  const common = { registered: REGISTERED, frames: FRAMES, frame_ms: FRAME_MS, misreads: { difficulty } }
  return { garage, formats, trust, policy, ...common }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      visits: { type: 'string', default: '1000000' },
      only: { type: 'string' },
      difficulty: { type: 'string', default: '1' },
      rules: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(HELP)
  const visits = Number(values.visits)
  const groups = values.only === undefined ? GROUPS : [values.only.split('+') as ToyFormat[]]
  process.stdout.write('| formats, rules | register | visits | wrong payer | rate | 95 % below | right | fallback |\n')
  process.stdout.write('| --- | --- | --- | --- | --- | --- | --- | --- |\n')
  for (const formats of groups) {
    for (const size of values.rules ? SIZES.slice(-1) : SIZES) {
      const draw = seededDraw(size)
      const garage = payerRegister(toyRegister({ formats, count: size }, draw))
      for (const rules of values.rules ? LESS : [DEFAULT]) {
        const all = values.rules ? visits / 10 : visits
        const counts = countPayers(site(garage, formats, rules, Number(values.difficulty)), all, JUDGED, draw)
        process.stdout.write(line(`${formats.join(', ')}${values.rules ? `: ${rules.name}` : ''}`, size, counts))
      }
    }
  }
}

main()
