import { isUsageError, sentence } from './command-faults.ts'
import { type CommandEntry, helpOf, overview } from './command-help.ts'
import { CENTRE_COMMAND } from './commands/centre-entry.ts'
import { JOURNAL_COMMANDS } from './commands/journal-commands.ts'
import { MANY_SITES_COMMANDS } from './commands/many-sites-commands.ts'
import { SIM_COMMAND } from './commands/sim-command.ts'
import { TOLD_COMMANDS } from './commands/told-commands.ts'
import { VEHICLE_COMMANDS } from './commands/vehicle-entries.ts'
import { nearestWord } from './nearest-word.ts'
import { berthVersion } from './version.ts'

const SITE = ['--site FILE', 'the site file: it says where the store is'] as const
const JSON_ONLY = ['--json', 'JSON instead of text for people'] as const
/** Every command of this version, in the order of a first day with berth. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    usage: 'demo [--port N] [--data DIR] [--until locked|vacated] [--photos FOLDER]',
    summary: 'A throw-away site of six bays with cameras, cars and charge points, and its inspector in the browser.',
    options: [
      ['--port N', 'port of the inspector and the API; 0 takes a free one (default 8080)'],
      ['--data DIR', 'keep the site and its journal in this folder (default: a temporary one, deleted at the end)'],
      [
        '--until locked|vacated',
        'end with exit code 0 once a bay has locked, or has become vacant again after a session',
      ],
      ['--timeout S', 'with --until: end with exit code 1 after so many seconds (default 120)'],
      ['--photos FOLDER', 'instead: real photographs with ground truth through the same line, counted'],
      ['--register N', 'with --photos: vehicles in the register (default 10000)'],
      ['--json', 'with --photos: the counts as one JSON object'],
    ],
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'check',
    usage: 'check SITE.yaml [--draw DIR [--pictures DIR]]',
    summary:
      'Validates a site file: every error with its line; how wide plates will be in its zones. Exit 1 if invalid.',
    options: [['--draw DIR', 'a PNG of each camera’s zones, over its picture in --pictures DIR (CAMERA.jpg or .png)']],
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'serve',
    usage: 'serve --site SITE.yaml',
    summary: 'Runs one site: charge points, cameras, API and inspector, until SIGTERM or Ctrl-C.',
    options: [SITE],
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  ...MANY_SITES_COMMANDS,
  {
    name: 'try',
    usage: 'try [--port N]',
    summary: 'A throw-away bay before the camera of this computer: hold up a plate and watch it lock.',
    options: [['--port N', 'port of the inspector; 0 takes a free one (default 8080)']],
    load: async () => (await import('./commands/try-camera.ts')).tryCamera,
  },
  {
    name: 'commission',
    usage: 'commission BAY --site SITE.yaml',
    summary: 'Shows step by step that a bay works, beside the running server, and ends in a signed record.',
    options: [SITE],
    load: async () => {
      const { commission } = await import('./commands/commission.ts')
      return (argv) => commission(argv)
    },
  },
  {
    name: 'qr',
    usage: 'qr --site SITE.yaml --out sheet.svg|sheet.pdf [--here]',
    summary:
      'The codes of all bays to print and cut, each with its bay and its short address. Exit 1 without `publicUrl`.',
    options: [
      SITE,
      ['--out FILE', 'where to; its ending says whether SVG or PDF'],
      ['--here', 'though the codes lead to this machine alone: to try the pages in its browser'],
    ],
    load: async () => (await import('./commands/code-sheet-file.ts')).qr,
  },
  {
    name: 'relay',
    usage: 'relay --site SITE.yaml',
    summary:
      'Runs the relay of a site in proxy mode as a service of its own, which `berth serve` then uses and never ends.',
    options: [SITE],
    load: async () => (await import('./commands/relay-alone.ts')).relay,
  },
  {
    name: 'charge-point',
    usage: 'charge-point password ID --site SITE.yaml [--print] [--hex]',
    summary: 'Makes a password for a charge point, keeps its hash and prints what to enter in the charge point.',
    options: [
      ['--site FILE', 'the site file: its hash is put there'],
      ['--print', 'print the line instead of changing the site file'],
      ['--hex', 'a binary password as 40 hex digits, as some OCPP 1.6 charge points want it'],
    ],
    load: async () => (await import('./commands/charge-point.ts')).chargePoint,
  },
  ...VEHICLE_COMMANDS,
  {
    name: 'read',
    usage: 'read IMAGE… [--zone x,y,x,y,…] [--json]',
    summary: 'Reads the plates in pictures with the production reader. Exit 1 if a file cannot be read.',
    options: [
      ['--zone x,y,x,y,…', 'read only this polygon, corners in 0..1 of the picture'],
      ['--json', 'JSON lines also on a terminal; a pipe always gets them'],
    ],
    load: async () => (await import('./commands/read.ts')).read,
  },
  {
    name: 'bench-reader',
    usage:
      'bench-reader FOLDER [--region 3 | --plate-box 4] [--profile default|fast] [--json] | bench-reader --sequences N [--json]',
    summary: 'Reads pictures with ground truth and prints how often the reader is right, and how fast.',
    options: [
      [
        '--region N',
        'read a crop N times as wide as the plate, centred on it, as a zone gives (default: the whole picture)',
      ],
      [
        '--plate-box PERCENT',
        'each recogniser alone on the true box of the plate, grown by so much (0: the box itself)',
      ],
      JSON_ONLY,
    ],
    load: async () => (await import('./commands/bench-reader.ts')).benchReader,
  },
  {
    name: 'play',
    usage: 'play NAME [--trace] [--seed N] [--story N] [--keep DIR | --inspect] | play --inspect | play --list',
    summary: 'Plays an edge case of the field with the production machines. Exit 1 if its promise is broken.',
    options: [
      ['--list', 'name every scenario'],
      ['--trace', 'what happened, step by step'],
      ['--seed N', 'other names, tokens and hours, 0 to 999999: the promises hold for any (default 0)'],
      ['--story N', 'only the promise of this number'],
      ['--keep DIR', 'also write its journal there, with a site file: for replay, verify and export'],
      ['--inspect', 'open the inspector over its journal, read-only, until Ctrl-C'],
      ['--port N', 'with --inspect: the port; 0 takes a free one (default 8080)'],
      JSON_ONLY,
    ],
    load: async () => {
      const { play } = await import('./commands/play.ts')
      return (argv) => play(argv)
    },
  },
  {
    name: 'orphans',
    usage: 'orphans --site SITE.yaml [--bay B] [--json]',
    summary: 'Transactions of which nobody knows how they end: since when, whose, the register, and what to do.',
    options: [SITE, ['--bay B', 'only this bay'], JSON_ONLY],
    load: async () => (await import('./commands/orphans.ts')).orphans,
  },
  {
    name: 'serve-reader',
    usage: 'serve-reader --port N [--host H] [--token T]',
    summary: 'Reads crops of plates for other sites over HTTP (their `secondReader`), and keeps nothing.',
    options: [
      ['--port N', 'the port; 0 takes a free one'],
      ['--host H', 'where to listen (default 127.0.0.1); beyond this machine only with a token'],
      ['--token T', 'what callers must send; better in BERTH_READER_TOKEN, where no list of processes shows it'],
    ],
    load: async () => (await import('./commands/serve-reader.ts')).serveReader,
  },
  {
    name: 'reviews',
    usage: 'reviews --site SITE.yaml [--json]',
    summary: 'How often each camera was right, by the clear cases that people checked, and what waits for people.',
    options: [SITE, JSON_ONLY],
    load: async () => (await import('./commands/reviews.ts')).reviews,
  },
  {
    name: 'replay',
    usage: 'replay --site SITE.yaml [--bay B] [--until SEQ|TIME] [--today] | replay FILE… …',
    summary: 'Rebuilds every bay from the journal alone and compares each decision. Exit 1 at the first difference.',
    options: [
      SITE,
      ['--bay B', 'only this bay'],
      ['--until SEQ|TIME', 'stop after this record, or at this time'],
      ['--today', 'by the machines of this berth, not by those that wrote the records'],
      ['--machines FILE', 'the machines of records from before their name was on record'],
      [
        '--strange-machines',
        'run machines of a file that berth does not know, in a process that may only read the file',
      ],
    ],
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  {
    name: 'shadow-report',
    usage: 'shadow-report --site SITE.yaml [--bay B] [--from TIME] [--to TIME] [--json] [--rows FILE.csv]',
    summary: 'Compares what berth would have started with what cards did, while it only watched; advises on `act`.',
    options: [
      SITE,
      ['--bay B', 'only this bay'],
      ['--from TIME', 'only visits from this time on, ISO 8601'],
      ['--to TIME', 'only visits before this time, ISO 8601'],
      JSON_ONLY,
      [
        '--rows FILE.csv',
        'write vehicles that the register could hold, with their plates, for `berth vehicles import`',
      ],
    ],
    load: async () => (await import('./commands/shadow-report.ts')).shadowReport,
  },
  ...JOURNAL_COMMANDS,
  {
    name: 'copy',
    usage: 'copy --from SITE_OR_STORE --to SITE_OR_STORE',
    summary:
      'Moves a site between stores, file, PostgreSQL or KurrentDB: the same records and hashes, keys and crops with them.',
    options: [
      ['--from SITE_OR_STORE', 'a site file, or the file of a store; nobody may serve it meanwhile'],
      ['--to SITE_OR_STORE', 'the same, empty; a copy that was cut goes on where it stood'],
    ],
    load: async () => (await import('./commands/copy.ts')).copy,
  },
  CENTRE_COMMAND,
  ...TOLD_COMMANDS,
  {
    name: 'world',
    usage: 'world [--seeds N] [--seed S] [--days D] [--bays B] [--without FAULT,…] [--json]',
    summary:
      'Plays days of a whole simulated site under every fault at once. Exit 1 if a law does not hold or, from 50 seeds on or with --cover, something was never reached.',
    options: [
      ['--seeds N', 'so many worlds, one after the other (default 1)'],
      ['--seed S', 'the first seed (default 1); the same seed is the same run, byte for byte'],
      ['--days D', 'days of traffic in each (default 1)'],
      ['--bays B', 'bays of the site, 1 to 12 (default 12)'],
      ['--without FAULT,…', 'leave these faults out'],
      ['--only FAULT,…', 'only these faults; `none` for fair weather'],
      ['--cover', 'everything must be reached (default from 50 seeds on, with every fault)'],
      JSON_ONLY,
    ],
    load: async () => (await import('./commands/worlds.ts')).world,
  },
  SIM_COMMAND,
]

/** Runs the command line `argv` (without node and script) and sets the process's exit code. */
export async function main(argv: string[]): Promise<void> {
  process.stdout.on('error', stopAtClosedPipe)
  process.exitCode = await runCommandLine(argv)
}

/** Answers the exit code: 0 done, 1 the command says no or broke, 2 the command line is not understood. */
export async function runCommandLine(argv: string[], commands = COMMANDS): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || isHelp(name)) {
    const entry = commands.find((one) => one.name === rest[0])
    say(entry ? helpOf(entry) : overview(commands))
    return name === undefined ? 2 : 0
  }
  if (name === '--version' || name === '-v') {
    say(`berth ${berthVersion()} (node ${process.versions.node})`)
    return 0
  }
  const entry = commands.find((one) => one.name === name)
  if (!entry) {
    const near = nearestWord(
      name,
      commands.map((one) => one.name),
    )
    const hint = near ? `did you mean \`berth ${near}\`? See \`berth --help\`.` : 'see `berth --help`.'
    complain(`There is no command ${quoted(name)}; ${hint}`)
    return 2
  }
  if (rest.some(isHelp)) {
    say(helpOf(entry))
    return 0
  }
  return guarded(entry, rest)
}

/** Runs one command; whatever breaks in it becomes one sentence. */
async function guarded(entry: CommandEntry, argv: string[]): Promise<number> {
  try {
    const run = await entry.load()
    return await run(argv)
  } catch (broken) {
    complain(`berth ${entry.name}: ${sentence(broken)}`)
    if (process.env['BERTH_DEBUG']) process.stderr.write(`${broken instanceof Error ? broken.stack : String(broken)}\n`)
    return isUsageError(broken) ? 2 : 1
  }
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h'
const quoted = (word: string): string => JSON.stringify(word.slice(0, 40))
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): void => void process.stderr.write(`${text}\n`)

/** `berth export … | head` closes our pipe: that is the reader's choice and not our fault. */
function stopAtClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}

if (import.meta.main) await main(process.argv.slice(2))
