import type { CommandEntry } from '../command-help.ts'

const SITE = ['--site FILE', 'the site file: it says where the store is'] as const
const CLAIM_USAGE =
  '(--plate P (--account A | --proof KIND --from TIME --to TIME) | --account A) --verified-by NAME --site SITE.yaml'
const CLAIM = [
  SITE,
  ['--plate P', 'the plate, as it stands on the vehicle'],
  [
    '--account A',
    'the account that holds the vehicle, or paid for it here; alone: the account with all that is its own',
  ],
  ['--proof KIND', 'what the person showed: registration, lease, sale, authority or court'],
  ['--from TIME', 'from when on the proof says that the vehicle is theirs, ISO 8601'],
  ['--to TIME', 'until when'],
  ['--verified-by NAME', 'who looked at account or proof; goes on record'],
] as const

/** Commands about vehicles, for the people whose they are, and for who may look. */
export const VEHICLE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'vehicles',
    usage: 'vehicles import FILE.csv --site SITE.yaml | vehicles lint FILE.csv [--countries GB,FR]',
    summary: 'Registers vehicles from a CSV file, all or none; lint names the plates that can be confused.',
    options: [
      SITE,
      ['--all', 'name every pair that can be confused, and every refused row'],
      ['--countries CODES', 'lint: name plates that none of these countries issues'],
    ],
    load: async () => {
      const { vehicles } = await import('./vehicles.ts')
      return (argv) => vehicles(argv)
    },
  },
  {
    name: 'register',
    usage:
      'register key KEY.pem | register sign VEHICLES.csv --key KEY.pem --out FILE [--accounts FILE.json] [--sites A,B] [--version N] | register check FILE [--key PUBLIC]',
    summary:
      'Signs a register of vehicles and accounts that gateways fetch themselves (`register.source`); checks one.',
    options: [
      ['key KEY.pem', 'makes the private key where there is none, and prints its public key for site files'],
      ['--key KEY.pem', 'sign: the private key; check: the public key that must have signed it'],
      ['--out FILE', 'where to'],
      ['--accounts FILE.json', 'a list of accounts, as the API takes them; vehicles may name others'],
      ['--sites A,B', 'only these sites take it (default: any that trusts the key)'],
      ['--version N', 'larger than the last one (default: the seconds since 1970)'],
    ],
    load: async () => (await import('./register-signing.ts')).register,
  },
  {
    name: 'erase',
    usage: `erase ${CLAIM_USAGE}`,
    summary:
      'Forgets a vehicle or an account: destroys the keys and all that memory holds. Exit 1 where a visit, dispute or hold delays it.',
    options: CLAIM,
    load: async () => (await import('./subjects.ts')).erase,
  },
  {
    name: 'subject',
    usage: `subject ${CLAIM_USAGE} --out DIR`,
    summary:
      'Writes everything that is known of a vehicle or an account, signed, for machines and as a page for a person.',
    options: [...CLAIM, ['--out DIR', 'where to']],
    load: async () => (await import('./subjects.ts')).subject,
  },
  {
    name: 'object',
    usage: `object ${CLAIM_USAGE} [--withdraw]`,
    summary: 'Enters an objection: the plate never starts a charge by itself, cards and apps do.',
    options: [...CLAIM, ['--withdraw', 'take the objection back']],
    load: async () => (await import('./subjects.ts')).object,
  },
  {
    name: 'hold',
    usage:
      'hold place (--plate P | --account A) --reason REASON --until DAY --site SITE.yaml | hold list --site SITE.yaml [--json] | hold lift ID --site SITE.yaml',
    summary: 'Keeps what is known of a vehicle or an account until a day (legal hold); lists and lifts holds.',
    options: [
      SITE,
      ['--plate P', 'the plate, as it stands on the vehicle'],
      ['--account A', 'the account, with its vehicles and cards'],
      ['--reason REASON', 'bill, damage, insurance, police or court'],
      ['--until DAY', 'until when, at most `privacy.hold_days` from now, ISO 8601'],
      ['--json', 'list: JSON lines'],
    ],
    load: async () => (await import('./holds.ts')).hold,
  },
  {
    name: 'token',
    usage:
      'token add NAME --role ROLE [--accounts A,B] [--yes] --site SITE.yaml | token remove NAME --site SITE.yaml | token list --site SITE.yaml',
    summary: 'Makes a token of the API, shown once and kept as its hash; a running berth heeds it at once.',
    options: [
      SITE,
      ['--role ROLE', 'viewer, operator, supervisor, installer, fleet, auditor or admin'],
      [
        '--accounts A,B',
        'the accounts that a token of the role fleet is for: it sees and changes what is theirs alone',
      ],
      ['--yes', 'also where it is the first token of a running berth and nobody would be admin'],
    ],
    load: async () => (await import('./tokens.ts')).token,
  },
  {
    name: 'dpia',
    usage: 'dpia --site SITE.yaml --out DIR [--contact TEXT] [--pictures DIR]',
    summary:
      'Writes the pack for a data protection impact assessment: purposes, data, retention, cameras, roles, sign.',
    options: [
      SITE,
      ['--out DIR', 'where to'],
      ['--contact TEXT', 'whom people ask about themselves (default: `privacy.contact` of the site file)'],
      ['--pictures DIR', 'pictures of the cameras (CAMERA.jpg or .png) under their zones'],
    ],
    load: async () => (await import('./dpia.ts')).dpia,
  },
]
