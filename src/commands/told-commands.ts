import type { CommandEntry } from '../command-help.ts'

const SPAN = [
  ['--site FILE', 'the site file: it says where the store is'],
  ['--bay B', 'only this bay'],
  ['--account A', 'only this account'],
  ['--from TIME', 'only what began from this time on, ISO 8601'],
  ['--to TIME', 'only what began before this time, ISO 8601'],
  ['--out FILE', 'where to (default: standard output)'],
] as const

/** Commands that tell of the past what bills, audits and plans are made of. */
export const TOLD_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'report',
    usage: 'report board|visits|sessions|fleets|occupancy|reviews|alarms|audit --site SITE.yaml [--format csv|jsonl] …',
    summary:
      'What the journal tells, as CSV or JSON lines: visits, charging sessions, fleets, occupancy, the audit trail …',
    options: [...SPAN, ['--format csv|jsonl', 'CSV with a header line (default), or one JSON object a line']],
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'cdrs',
    usage: 'cdrs --site SITE.yaml [--format csv|jsonl|ocpi|ocpi-sessions] [--from TIME] [--to TIME] …',
    summary:
      'Billed sessions with their money by the site file’s `tariff`: CSV, JSON lines, or CDRs and sessions of OCPI 2.3.',
    options: [...SPAN, ['--format F', 'csv (default), jsonl, ocpi (CDRs) or ocpi-sessions, one JSON object a line']],
    load: async () => (await import('./cdrs.ts')).cdrs,
  },
  {
    name: 'reconcile',
    usage: 'reconcile CDRS.csv --site SITE.yaml [--from TIME] [--to TIME] [--bay B] [--json]',
    summary:
      'What is missing, extra or different between berth and the back end that bills. Exit 1 where something is.',
    options: [
      ['--site FILE', 'the site file: it says where the store is'],
      ['--from TIME', 'only sessions from this time on (default: the first day of the file, UTC)'],
      ['--to TIME', 'only sessions before this time (default: the end of its last day)'],
      ['--bay B', 'only this bay'],
      ['--tolerance-wh N', 'Wh that may differ (default 10, or half a per cent where that is more)'],
      ['--tolerance-money N', 'minor units (cents) that may differ (default 1)'],
      ['--tolerance-s N', 'seconds by which times may differ (default 120)'],
      ['--json', 'one JSON object instead of text for people'],
    ],
    load: async () => (await import('./reconcile.ts')).reconcileBills,
  },
  {
    name: 'news',
    usage: 'news --site SITE.yaml [--json] | news resume ID [--after SEQ] --site SITE.yaml',
    summary: 'Who is told of the site by webhook or broker, how far, and who is told no more; `resume` lets one go on.',
    options: [
      ['--site FILE', 'the site file: it says where the store is'],
      ['--after SEQ', 'resume: begin behind this record, again or further on (default: where it stopped)'],
      ['--json', 'JSON lines instead of text for people'],
    ],
    load: async () => (await import('./news.ts')).news,
  },
  {
    name: 'whatif',
    usage:
      'whatif --site SITE.yaml [--policy key=value …] [--zones FILE] [--machines NAME|FILE] [--from TIME] [--to TIME] | whatif EXPORT …',
    summary:
      'Recorded history under another policy, in other zones or by other machines: every visit of which something else comes.',
    options: [
      ['--site FILE', 'the site file: it says where the store is'],
      ['--store FILE', 'instead: the journal itself'],
      ['--policy key=value …', 'rules to try, like quorum=3 or lock.on_A=1; or a YAML file with them'],
      ['--zones FILE', 'zones to try, as in a site file (`bays:` with `zones:`), over the reads that were kept'],
      ['--machines NAME', 'kept machines by their 64 characters, a file of them, or `today` (default: who wrote last)'],
      [
        '--strange-machines',
        'run machines of a file that berth does not know, in a process that may only read the file',
      ],
      ['--from TIME', 'each bay from the first moment on, not before this one, at which it is vacant, ISO 8601'],
      ['--to TIME', 'only records before this time, ISO 8601'],
      ['--out FILE', 'where to (default: standard output)'],
      ['--json', 'JSON instead of text for people'],
    ],
    load: async () => (await import('./whatif.ts')).whatIf,
  },
]
