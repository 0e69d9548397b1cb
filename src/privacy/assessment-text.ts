import { counted } from '../counted.ts'
import type { Role } from '../site-desk.ts'
import type { SiteFile } from '../site-file.ts'
import { recipients } from './recipients.ts'

/** What a journal holds, counted; times ISO 8601 UTC, null where there is no record yet. */
export type AssessedCounts = {
  readonly records: number
  readonly first: string | null
  readonly last: string | null
  readonly visits: number
  readonly vehicles: number
  readonly accounts: number
  readonly cards: number
  readonly objections: number
  readonly erasures: number
  readonly holds: number
}

/** What a site's assessment is written from. `counts` null: no journal yet. */
export type Assessed = {
  readonly site: SiteFile
  readonly contact: string
  readonly madeAt: string
  readonly counts: AssessedCounts | null
  /** Which roles may do what, by the words of the API. */
  readonly rights: { readonly [right: string]: readonly Role[] }
  /** PNG of each camera's zones, by camera, as file names beside the text. */
  readonly drawings: { readonly [cameraId: string]: string }
}

const PURPOSES = [
  [
    'Start a charge for the vehicle that stands in a bay, and bill it to the account that holds it',
    'contract with the account',
  ],
  [
    'Keep a charge’s bay for its payer, and end the visit when the vehicle has left',
    'contract; legitimate interest of whoever charges',
  ],
  ['Show months later why an account was charged', 'legal duty to keep bills explainable; legitimate interest'],
  ['Tell drivers what to do, and let a person decide where the machine is not sure', 'legitimate interest'],
] as const

const RIGHT_WORDS: { readonly [right: string]: string } = {
  watch: 'see bays, masked plates, counts',
  plates: 'see plates, tokens and crops in clear (each look is on record)',
  look: 'see cameras’ pictures while they are in memory: clear for who sees plates (on record), else too coarse to read any',
  operate: 'authorize, deny, correct a plate, stop',
  tune: 'change how berth acts',
  bills: 'see charging sessions',
  dispute: 'dispute a bill',
  register: 'see the register',
  enrol: 'change the register',
  erase: 'answer requests of the people concerned: erasure, package, objection; place holds',
  audit: 'see who was shown what',
  examine: 'see whom each was shown, and who verified each request by which account or proof',
  witness: 'take signed checkpoints',
}

/** The data protection impact assessment of a site as Markdown: what is done, with what, why, how long, who sees it. */
export function assessmentText(about: Assessed): string {
  const { site, contact, madeAt } = about
  return `# Data protection impact assessment: ${site.site.name}

Made by berth on ${madeAt} from the site file and the journal of \`${site.site.id}\`; describes the site as it is configured now. Contact: ${contact}.
What berth cannot know (who operates the site and with which processors, whether fewer cameras would do, the balance of interests) is for people to add under “Assessment”.

## Purposes

${table(['purpose', 'usual legal basis (to be confirmed)'], PURPOSES)}

## Personal data, and how long it lives

${table(['data', 'where', 'protection', 'lives'], fields(site))}

Dead means: the key is destroyed, and what was sealed with it is unreadable in the journal, in its exports and in its backups. A dispute of a bill and a legal
hold extend all of these; both are on record and shown to who asks. Reads that fall into no zone are counted and thrown away at once. No picture is stored.

## Cameras

${counted(site.cameras.length, 'camera')} for ${counted(site.bays.length, 'bay')}. A read counts only inside a zone.

${site.cameras.map((camera) => cameraText(about, camera.id)).join('\n\n')}

## Counts

${countsText(about.counts)}

## Who may see and do what

${table(
  ['right', 'roles'],
  Object.entries(about.rights).map(([right, roles]) => [RIGHT_WORDS[right] ?? right, roles.join(', ')]),
)}

## Recipients

${recipients(site)
  .map((line) => `- ${line}`)
  .join('\n')}

## Automated decisions

A charge is started and billed without a person only where ${site.policy.quorum} witnesses agree on a registered plate in the bay’s zone. Anybody can charge with a card instead, contest a bill
(\`POST /api/sessions/{id}/dispute\`), object to being started by the plate (\`berth object\`), and ask that a person look: the reviewer sees the same evidence.
Autonomy of this site: ${site.policy.autonomy}.

## Rights of the people concerned

Access: \`berth subject\`. Erasure: \`berth erase\`. Objection: \`berth object\`. Each asks for the account or a proof for a time, and puts on record who verified it.

## Assessment

To be written by the controller: necessity and proportionality, risks and measures, consultation, date of the next look.
`
}

/** The text of the sign at the entrance: who, what for, how long, whom to ask. */
export const signText = ({ site, contact }: Assessed): string => `NUMBER PLATES ARE READ HERE

${site.site.name} reads the number plates of vehicles in its charging bays, to start and bill charges for registered vehicles.
Plates of others are deleted ${duration(site.privacy.unmatched_s)} after they leave. Whole pictures are never stored; a small, encrypted picture of a plate
in doubt is kept until a person has looked and the vehicle has left${site.privacy.crops_days > 0 ? `, and ${site.privacy.crops_days} days more` : ''}.
You can charge with a card instead, object, see what is kept about you, and have it erased.
Ask: ${contact}
`

function fields({ privacy, authorizer, secondReader }: SiteFile): readonly (readonly string[])[] {
  const { unmatched_s, settled_days, crops_days, keyPeriod_days, keyKept_days, staff_days } = privacy
  const sealed = 'sealed (AES-256-GCM) under a key of that subject’s own'
  return [
    ['plate of a vehicle that is not registered', 'journal', sealed, `visit + ${duration(unmatched_s)}`],
    [
      'plate for which an account was named',
      'journal',
      sealed,
      `settlement + ${settled_days} days${authorizer?.offline === 'allow-known' ? `, at least ${authorizer.known_days} days` : ''}`,
    ],
    ['plate of a registered vehicle, with its readings', 'journal', sealed, 'as long as it is registered'],
    [
      'card or app token',
      'journal, charge point frames',
      sealed,
      `registered: as long; else until its key period is destroyed (${keyPeriod_days} + ${keyKept_days} days)`,
    ],
    ['name of an account', 'journal', sealed, 'until the account is forgotten'],
    ['words typed of a disputed bill', 'journal', sealed, 'until its vehicle, card or account is forgotten'],
    ['crop of a plate in doubt', 'beside the journal', sealed, `review and visit + ${crops_days} days`],
    ['whole picture', 'memory only', 'never written', 'seconds'],
    [
      'link between two visits of one vehicle',
      'keyed hash',
      'HMAC-SHA-256, key apart from the journal',
      `at most ${keyPeriod_days + keyKept_days} days unless registered`,
    ],
    ['staff: name of who verified a request', 'journal', sealed, `${staff_days} days after the request`],
    [
      'staff: name of a token (`berth token add NAME`), in what its holder ordered, answered or was shown',
      'journal',
      'hash chain, in clear: name tokens by function where nobody shall be named',
      'as long as the journal is kept',
    ],
    ['times, energy, bay, account id of a charge', 'journal', 'hash chain', 'as long as the journal is kept'],
    ...(secondReader === null
      ? []
      : [
          [
            'crop sent to a second reader',
            new URL(secondReader.url).host,
            'as that reader’s owner protects it',
            'as agreed with that owner',
          ],
        ]),
  ]
}

function cameraText({ site, drawings }: Assessed, cameraId: string): string {
  const bays = site.bays.filter(({ zones }) => zones.some(({ camera }) => camera === cameraId)).map(({ id }) => id)
  const drawing = drawings[cameraId]
  return `### ${cameraId}

Reads plates of: ${bays.length === 0 ? 'no bay' : bays.join(', ')}.${drawing === undefined ? '' : `\n\n![zones of ${cameraId}](${drawing})`}`
}

function countsText(counts: AssessedCounts | null): string {
  if (counts === null) return 'There is no journal yet.'
  const { first, last, ...numbers } = counts
  return `${table(
    ['what', 'how many'],
    Object.entries(numbers).map(([what, number]) => [what, String(number)]),
  )}

Records from ${first ?? '–'} to ${last ?? '–'}.`
}

const duration = (seconds: number): string =>
  seconds < 120
    ? `${seconds} seconds`
    : seconds < 7_200
      ? `${Math.round(seconds / 60)} minutes`
      : seconds < 172_800
        ? `${Math.round(seconds / 3_600)} hours`
        : `${Math.round(seconds / 86_400)} days`

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
