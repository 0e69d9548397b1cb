import type { CommandEntry } from '../command-help.ts'

/** Commands for whoever has more than one site. */
export const MANY_SITES_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'node',
    usage:
      'node --cluster URL --listen HOST:PORT --url URL --data DIR | node put SITE.yaml | node list | node remove SITE',
    summary: 'Serves a fair share of many sites out of a PostgreSQL; put, list and remove say which sites those are.',
    options: [
      ['--cluster URL', 'the database, postgres://USER:PASSWORD@HOST/NAME (default: BERTH_CLUSTER)'],
      ['--listen HOST:PORT', 'the one door for charge points, cameras and people (default 127.0.0.1:8080)'],
      ['--url URL', 'where the other nodes reach this door'],
      ['--data DIR', 'folder for what is made anew from the database (default ./node)'],
      ['--cert FILE --key FILE', 'PEM files: the door is HTTPS'],
    ],
    load: async () => (await import('./node.ts')).node,
  },
]
