import type { CommandEntry } from '../command-help.ts'

const SITE = ['--site FILE', 'the site file: it says where the store is'] as const
const JSON_ONLY = ['--json', 'JSON instead of text for people'] as const
const SPAN = [
  ['--bay B', 'only this bay'],
  ['--from TIME', 'only records from this time on, ISO 8601'],
  ['--to TIME', 'only records before this time, ISO 8601'],
] as const

/** Commands that check the journal, and take parts of it elsewhere. */
export const JOURNAL_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'verify',
    usage: 'verify --site SITE.yaml | verify FILE… | verify postgres://… [SITE…] [--checkpoints FILE]… [--key KEY]',
    summary: 'Checks the hash chain of a store, an export or an archive. Exit 1 at the first broken link.',
    options: [
      SITE,
      ['--checkpoints FILE', 'signed checkpoints kept elsewhere: they show a cut tail and a journal written anew'],
      ['--key KEY', 'the site’s public key: no other may have signed them'],
    ],
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'checkpoints',
    usage: 'checkpoints --site SITE.yaml [--json]',
    summary: 'The public key that signs the journal’s checkpoints, the newest one, and who has not taken it yet.',
    options: [SITE, JSON_ONLY],
    load: async () => (await import('./checkpoints.ts')).checkpoints,
  },
  {
    name: 'export',
    usage: 'export --site SITE.yaml --out FILE [--bay B] [--from TIME] [--to TIME] [--rest]',
    summary: 'Writes the journal as JSON lines, oldest first; `berth verify FILE` checks them.',
    options: [SITE, ['--out FILE', 'where to'], ...SPAN, ['--rest', 'only what `berth archive` has not taken']],
    load: async () => (await import('./export.ts')).exportJournal,
  },
  {
    name: 'archive',
    usage: 'archive --site SITE.yaml --before TIME [--out DIR | --drop]',
    summary: 'Closes old records as a signed, packed segment that `berth verify` and `berth replay` read.',
    options: [
      SITE,
      ['--before TIME', 'close what came before this time, ISO 8601'],
      ['--out DIR', 'the folder of the segments (default: beside the store, STORE.archive)'],
      ['--drop', 'then take what is archived beside the store out of it; nobody may serve it meanwhile'],
    ],
    load: async () => (await import('./archive.ts')).archive,
  },
  {
    name: 'bundle',
    usage: 'bundle --site SITE.yaml --bay B --from TIME --to TIME [--out FILE]',
    summary: 'A journal of one bay that replays, with everybody in it re-invented, for a bug report.',
    options: [
      SITE,
      ['--bay B', 'the bay; bays that contended with it for a vehicle come along'],
      ['--from TIME', 'from this time on, ISO 8601; the visit before comes along'],
      ['--to TIME', 'before this time'],
      ['--out FILE', 'where to (default berth-bundle.jsonl.gz); packed where it ends in .gz'],
    ],
    load: async () => (await import('./bundle.ts')).bundle,
  },
]
