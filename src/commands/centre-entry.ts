import type { CommandEntry } from '../command-help.ts'

/** The centre of many sites, and who may ship to it. */
export const CENTRE_COMMAND: CommandEntry = {
  name: 'centre',
  usage:
    'centre --store postgres://… [--host H] [--port N] [--cert FILE --key FILE] [--config FILE] | centre add|renew|takeover|remove|aside|forget SITE | centre list | centre register put FILE SITE…|remove SITE|list | centre policy put SITE… FILE|rollback SITE [VERSION]|list [SITE]',
  summary: 'Keeps copies of the journals of many sites on a PostgreSQL, as their gateways ship them.',
  options: [
    ['--store URL', 'the database, postgres://USER:PASSWORD@HOST:5432/DATABASE; better in BERTH_CENTRE_STORE'],
    ['--host H', 'where to listen (default 127.0.0.1)'],
    ['--port N', 'the port; 0 takes a free one (default 9400)'],
    [
      '--cert FILE, --key FILE',
      'certificate and key (PEM): gateways link to wss://; without them something before it does TLS',
    ],
    ['--config FILE', 'how people sign in: a provider of OpenID Connect (docs/many-sites.md)'],
    [
      'add SITE',
      'a site that ships here; prints the token for its site file, once; --config refuses the centre’s own name',
    ],
    ['renew SITE', 'another token in the place of the one that counts now'],
    ['takeover SITE', 'whoever shipped until now is no longer believed; prints the token for the gateway that goes on'],
    ['remove SITE', 'its gateway ships no more; what is here stays'],
    ['aside SITE', 'what its gateways sent that is no part of its copy, as JSON lines'],
    ['forget SITE', 'throws that away, once somebody has looked at it'],
    [
      'register put FILE SITE…',
      'lays a signed register (`berth register sign`) ready for these sites; `remove SITE` takes it away, `list` tells of all',
    ],
    [
      'policy put SITE… FILE',
      'these sites are to go by this policy, where their site files let the centre say so; `rollback SITE [VERSION]` puts a former one again, `list [SITE]` tells',
    ],
    ['list', 'every site: epoch, newest record, last heard, and records set aside (--json)'],
  ],
  load: async () => (await import('./centre.ts')).centre,
}
