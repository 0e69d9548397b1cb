import type { AlarmView } from '../projections/bay-view.ts'

type Kind =
  | 'store'
  | 'store-slow'
  | 'reader'
  | 'pictures'
  | 'second-reader'
  | 'clock'
  | 'authorizer'
  | 'certificate'
  | 'relay'
  | 'upstream'
  | 'owed'
  | 'settings'
  | 'frame-too-large'
  | 'news'
  | 'erasures'
  | 'journal'
  | 'checkpoints'
  | 'kept-state'
  | 'news-away'
  | 'second-person'
  | 'zones-second-person'
  | 'payment'
  | 'centre-away'
  | 'centre-other'
  | 'register-away'
  | 'register-refused'
  | 'plate-at-other-site'

/** What a person does about it. */
export const WHAT_TO_DO: { readonly [kind in Kind]: string } = {
  store: 'Free disk space or mend its permissions; automatic starts are off until then, cards are not answered.',
  'store-slow':
    'Look at the disk of `store.path` (its health, other work on it, a card or a network drive in its place), or at the database and the way to it. Nothing is lost. This ends by itself.',
  reader:
    'It is started again by itself; where this stays, look at the memory of the machine and at the pictures of the cameras.',
  pictures:
    'Look at what the camera sends, and at its password and token: somebody else may send in its name. Its pictures are looked at again by themselves; drivers use card or code meanwhile.',
  'second-reader':
    'Look at the network, at `secondReader.url` and at its token; until it answers again, reads that are not sure go to people at once.',
  settings:
    'Set it at the charge point itself or ask its maker; until then berth goes by what it sends. After its next boot it is asked again.',
  'frame-too-large':
    'Set what sends so much smaller (samples or events in one message, the size of a report); the frame is lost. This ends by itself an hour after the last one.',
  news: 'Mend the receiver or its address in `news`; then `berth news resume ID`: what it has not taken waits for it, and `--after SEQ` begins elsewhere.',
  journal:
    'Stop berth and keep the store as it is; run `berth verify --site`, and restore from a copy. Until then whatever needs that record is refused. Nothing of a bay is lost: it goes by what it knows.',
  erasures:
    'Put the newest copy of that file back and start berth again; where there is none, look up who asked to be forgotten since the copy was made and erase them again. This ends with the next start.',
  checkpoints:
    'Run `berth verify --site` with `--checkpoints` and that file. Where an older copy was put back on purpose, move the file aside and keep it: it shows what was lost. Where not, somebody wrote the journal anew: stop berth and keep everything as it is.',
  'kept-state':
    'Stop berth and start it again: it then lives its whole journal, and nothing of that state. Look at what these bays charged since the last start, and tell the makers of berth.',
  'news-away':
    'Look at the receiver, at the network and at its address in `news`; nothing is lost: what it has not taken waits for it, in order. This ends by itself once it takes a piece.',
  'centre-away':
    'Look at the network, at the centre, and at `centre` of the site file; nothing here depends on it, and nothing is lost: what it has not taken waits on this machine, in order. This ends by itself once it takes records again.',
  'centre-other':
    'Find out which machine is this site: where another one runs in its place, stop this one; where an older copy was put back, bring back the newer one. Where this one is right, take the site over at the centre (`berth centre takeover`) and give it the new token. Nothing is lost: the centre keeps both.',
  'register-away':
    'Look at the network, at the source, and at `register.source` of the site file; until then the register that is here counts. This ends by itself once the source answers.',
  'register-refused':
    'Mend what the sentence names, sign the register again with a newer version, and put it where it is fetched from; until then the register that is here counts. Where nobody there signed it, somebody else put it there: look into it.',
  'plate-at-other-site':
    'Look at the vehicle and call the other site; correct the plate where it was misread, and order by hand what a clone should not have. This ends with the visit, after an hour at the soonest.',
  relay:
    'Berth starts it again; where `berth relay` runs as a service of its own, that service does. Where this stays, read that service’s log, or the file beside the store that ends in .relay.log.',
  upstream:
    'Look at the network and at the back end. What is owed to it is kept and sent later; plates go on starting, new cards do not.',
  owed: 'Bring the charge point back, or its back end; nothing is lost meanwhile. Before a charge point gets its old address again, wait until nothing is owed.',
  authorizer:
    'Mend the back end or its address in `authorizer`; until then `authorizer.offline` says who may charge, the register and cards of its own go on.',
  certificate:
    'Put a new certificate and its key into the files of `ocpp.tls`; berth takes them by itself, and no charge point is dropped.',
  payment:
    'Let the hold go at the payment page; the news `payment.unused` tells it too, so that it can be done by itself. This ends by itself after a day.',
  'second-person':
    'Look at the bay; then agree or refuse on its screen. It must be somebody else than who gave the order.',
  'zones-second-person':
    'Look at the draft on the screen of zones; then agree or refuse there. It must be somebody else than who drew it.',
  clock:
    'Set the clock right and keep it in step (chrony or systemd-timesyncd); until then no window and no deadline runs.',
}

/** Alarms of the site that no record holds: a store that cannot write, a reader that crashed, a back end that does not answer, a clock that stepped back. */
export class SiteAlarms {
  readonly #open = new Map<string, AlarmView>()
  readonly #changed: (bayId: string | null) => void

  /** `changed`: told of each change, and of which bay it is, null = of the site. */
  constructor(changed: (bayId: string | null) => void) {
    this.#changed = changed
  }

  open(): readonly AlarmView[] {
    return [...this.#open.values()]
  }

  /** Shows an alarm, `at` ms since 1970; one raised again keeps its first time and takes the newer words. `of`: the charge point or order that it is about. */
  raise(type: Kind, says: string, at: number, of = 'site', bayId: string | null = null): void {
    const alarmId = `${of}/${type}`
    const since = this.#open.get(alarmId)?.since ?? new Date(at).toISOString()
    this.#open.set(alarmId, { alarmId, bayId, type, says, do: WHAT_TO_DO[type], since })
    this.#changed(bayId)
  }

  /** Ends an alarm; nothing where it was not raised. */
  calm(type: Kind, of = 'site'): void {
    const alarmId = `${of}/${type}`
    const bayId = this.#open.get(alarmId)?.bayId ?? null
    if (this.#open.delete(alarmId)) this.#changed(bayId)
  }
}
