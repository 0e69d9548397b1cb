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
]
