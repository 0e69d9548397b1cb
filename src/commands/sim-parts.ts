import type { CommandEntry, Run } from '../command-help.ts'

/** One word behind `berth sim`. */
type SimPart = {
  readonly name: string
  readonly usage: string
  readonly options: CommandEntry['options']
  readonly load: () => Promise<Run>
}

/** Every part of `berth sim`, in the order in which one designs a site. */
export const SIM_PARTS: readonly SimPart[] = [
  {
    name: 'init',
    usage: 'sim init [SCENARIO.yaml] [--from SITE.yaml]',
    options: [
      ['--from SITE.yaml', 'with `init`: bays, cameras and rules of this site file'],
      ['--force', 'with `init`: write over a file that is there'],
    ],
    load: async () => (await import('./sim-init.ts')).simInit,
  },
  {
    name: 'check',
    usage: 'sim check SCENARIO.yaml [--json]',
    options: [],
    load: async () => (await import('./sim-check.ts')).simCheck,
  },
  {
    name: 'run',
    usage: 'sim run SCENARIO.yaml [--out DIR] [--seed N]',
    options: [
      ['--out DIR', 'with `run`: where the results go (default: beside the scenario)'],
      ['--seed N', 'with `run`: instead of the scenario’s; the same seed gives the same bytes'],
      [
        '--engine compiled|xstate',
        'with `run`: what steps the bays, tables or XState itself; both give the same bytes',
      ],
      ['--json', 'with `run`: the figures as JSON'],
    ],
    load: async () => (await import('./sim-run.ts')).simRun,
  },
  {
    name: 'show',
    usage: 'sim show DIR [--port N]',
    options: [
      ['--port N', 'with `show`: where the inspector listens on this machine (default 8080; 0 = any free port)'],
    ],
    load: async () => (await import('./sim-show.ts')).simShow,
  },
  {
    name: 'compare',
    usage: 'sim compare A.yaml B.yaml … [--out DIR]',
    options: [['--out DIR', 'with `compare`, `sweep` and `study`: where the report goes']],
    load: async () => (await import('./sim-sweep.ts')).simCompare,
  },
  {
    name: 'sweep',
    usage: 'sim sweep SCENARIO.yaml [--out DIR]',
    options: [],
    load: async () => (await import('./sim-sweep.ts')).simSweep,
  },
  {
    name: 'site',
    usage: 'sim site SCENARIO.yaml [--out SITE.yaml]',
    options: [['--out FILE', 'with `site`: where the site file goes (default site.yaml); --force writes over one']],
    load: async () => (await import('./sim-site.ts')).simSite,
  },
  {
    name: 'fit',
    usage: 'sim fit SESSIONS.csv [--out FILE.json]',
    options: [
      ['--arrive COLUMN, --leave COLUMN, --stay COLUMN', 'when vehicles came and went, or how long they stayed'],
      ['--energy COLUMN, --charge-point COLUMN, --site COLUMN', 'what they took, and where'],
      ['--stay-unit s|min|h, --energy-unit kWh|Wh', 'units of those columns (default s and kWh)'],
      ['--timezone ZONE', 'move times that say their offset to this zone (default: every time as it is written)'],
      ['--from DAY, --to DAY', 'the first and the last day that count (default: those of the file)'],
      ['--figures', 'keep shares and parts per charge point instead of the visits themselves'],
      ['--name NAME, --source TEXT, --licence TEXT', 'what the demand file says of itself'],
      ['--out FILE', 'with `fit`: where to (default NAME.demand.json)'],
    ],
    load: async () => (await import('./sim-fit.ts')).simFit,
  },
  {
    name: 'study',
    usage: 'sim study [NAME] [--out DIR] [--days N] [--replications N] [--seed N]',
    options: [['--days N, --replications N', 'with `study`: longer or shorter than it is meant to be']],
    load: async () => (await import('./sim-study.ts')).simStudy,
  },
  {
    name: 'calibrate-reader',
    usage: 'sim calibrate-reader [PHOTOS] [--plates N] [--out FILE] [--seed N]',
    options: [
      ['--plates N', 'with `calibrate-reader`: how many plates are rendered (default 300)'],
      ['--plate-mm N', 'with `calibrate-reader`: how wide the plates on the photographs are (default 520)'],
      ['--out FILE', 'with `calibrate-reader`: where the curve goes (default reader.curve.json)'],
      ['--seed N', 'with `calibrate-reader`: other plates, made worse otherwise (default 1)'],
    ],
    load: async () => (await import('./sim-calibrate.ts')).simCalibrate,
  },
  {
    name: 'validate',
    usage: 'sim validate [SESSIONS.csv…] [--split DAY] [--seed N] [--json]',
    options: [
      [
        '--split DAY',
        'with `validate`: fit on the days before it, predict those from then on (default: half of the days)',
      ],
      ['--seed N', 'with `validate`: another run of chance (default 1)'],
      ['--json', 'with `validate`, `check` and `study`: JSON instead of text for people'],
    ],
    load: async () => (await import('./sim-validate.ts')).simValidate,
  },
]
