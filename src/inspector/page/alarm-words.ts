/** What follows from an alarm, by its type. */
import type { BayAlarm } from '../../../machines/deeds.ts'
import type { AlarmView } from '../../../projections/bay-view.ts'
import { words } from './language.ts'
import { alarmWords, inWords } from './told-words.ts'

/** Alarms of the whole site that people meet most. */
type SiteAlarm =
  | 'second-person'
  | 'zones-second-person'
  | 'payment'
  | 'plate-at-other-site'
  | 'automatic-starts-off'
  | 'clock-skew'
  | 'read-rate'
  | 'forged-push'
  | 'store'
  | 'reader'
  | 'upstream'
/** Alarms that the page says the consequence of. */
export type KnownAlarm = BayAlarm | SiteAlarm

/** What each means for the bay, its driver or the bill. */
const MEANS = words({
  en: {
    suggested: 'Nobody charges here until somebody says so.',
    clone: 'Neither bay starts by this plate.',
    disputed: 'Nothing starts for this visit until somebody says whose it is.',
    'camera-empty': 'The lock and the bill go on by what the charge point says.',
    'other-plate': 'Who pays stays as it is; the bill may be somebody else’s.',
    orphan: 'What it still draws is on nobody’s bill.',
    offline: 'What runs goes on at the charge point alone; the bay shows its last state.',
    'dead-token': 'What it draws is on nobody’s bill.',
    blocked: 'Nobody else can charge here.',
    'nobody-pays': 'Energy flows that nobody pays for.',
    signals: 'The bill rests on the signal that is believed.',
    'drawn-after-end': 'Energy flows that nobody pays for, and the bay stays locked.',
    'plate-at-other-site': 'Nothing is stopped by this, and who pays stays as it is.',
    'automatic-starts-off': 'Plates start nothing; cards do, and what charges goes on.',
    payment: 'Until it is let go, the driver’s money is held for nothing.',
    'second-person': 'Nothing was done yet; after its time the order is gone.',
    'zones-second-person': 'The old zones count until then.',
    'clock-skew': 'Its times say nothing; nothing is ordered or dropped by them.',
    'read-rate': 'More vehicles there fall back to card and review.',
    'forged-push': 'None of it reached a bay.',
    store: 'Nothing is started or acknowledged that could not be kept.',
    reader: 'Pictures are not read meanwhile; drivers use card or code.',
    upstream: 'What is owed to it is kept and sent later.',
  },
  de: {
    suggested: 'Hier lädt niemand, bis jemand es sagt.',
    clone: 'Keiner der beiden Plätze startet durch dieses Kennzeichen.',
    disputed: 'Für diesen Besuch startet nichts, bis jemand sagt, wessen er ist.',
    'camera-empty': 'Sperre und Rechnung folgen weiter dem Ladepunkt.',
    'other-plate': 'Wer zahlt, bleibt; die Rechnung ist vielleicht die eines anderen.',
    orphan: 'Was noch fließt, steht auf keiner Rechnung.',
    offline: 'Was läuft, läuft am Ladepunkt allein weiter; der Platz zeigt seinen letzten Stand.',
    'dead-token': 'Was fließt, steht auf keiner Rechnung.',
    blocked: 'Niemand sonst kann hier laden.',
    'nobody-pays': 'Es fließt Strom, den niemand zahlt.',
    signals: 'Die Rechnung beruht auf dem Signal, dem geglaubt wird.',
    'drawn-after-end': 'Es fließt Strom, den niemand zahlt, und der Platz bleibt gesperrt.',
    'plate-at-other-site': 'Dadurch wird nichts angehalten, und wer zahlt, bleibt.',
    'automatic-starts-off': 'Kennzeichen starten nichts; Karten schon, und was lädt, lädt weiter.',
    payment: 'Bis er freigegeben ist, ist das Geld des Fahrers für nichts vorgemerkt.',
    'second-person': 'Noch ist nichts geschehen; nach seiner Zeit ist die Anweisung weg.',
    'zones-second-person': 'So lange gelten die alten Zonen.',
    'clock-skew': 'Ihre Zeiten sagen nichts; nichts richtet sich nach ihnen.',
    'read-rate': 'Mehr Fahrzeuge brauchen dort Karte oder Rückfrage.',
    'forged-push': 'Nichts davon erreichte einen Platz.',
    store: 'Nichts wird gestartet oder bestätigt, was nicht bewahrt werden kann.',
    reader: 'Bilder werden unterdessen nicht gelesen; Fahrer nehmen Karte oder Code.',
    upstream: 'Was ihm geschuldet ist, wird bewahrt und später gesendet.',
  },
} satisfies { readonly en: Sentences; readonly de: Sentences })
type Sentences = { readonly [type in KnownAlarm]: string }

/** An alarm for people: cause, consequence (null where this page knows none), what to do; `exact`: the server's own sentences, where another language stands above them. */
export type AlarmText = {
  readonly says: string
  readonly means: string | null
  readonly todo: string
  readonly exact: string | null
}

/** What is said of an alarm in the page's language. */
export function alarmText({ type, says, do: todo }: Pick<AlarmView, 'type' | 'says' | 'do'>): AlarmText {
  const means: { readonly [type: string]: string } = MEANS
  const own = alarmWords(type)
  const exact = { says: inWords(says), means: means[type] ?? null, todo: inWords(todo), exact: null }
  // What is said of this very alarm says more than what is said of its kind.
  if (own === null || (exact.says !== says && exact.todo !== todo)) return exact
  return { says: own[0], means: exact.means, todo: own[1], exact: `${says} ${todo}` }
}
