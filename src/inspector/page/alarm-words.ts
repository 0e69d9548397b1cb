/** What follows from an alarm, by its type; and in German also what it is and what to do, for the server's own sentences are English. */
import type { BayAlarm } from '../../../machines/deeds.ts'
import type { AlarmView } from '../../../projections/bay-view.ts'
import { language, words } from './language.ts'
import { inWords } from './told-words.ts'

/** Alarms of the whole site that people meet most. */
type SiteAlarm =
  | 'second-person'
  | 'payment'
  | 'automatic-starts-off'
  | 'clock-skew'
  | 'read-rate'
  | 'forged-push'
  | 'store'
  | 'reader'
  | 'upstream'
type Known = BayAlarm | SiteAlarm

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
    'automatic-starts-off': 'Plates start nothing; cards do, and what charges goes on.',
    payment: 'Until it is let go, the driver’s money is held for nothing.',
    'second-person': 'Nothing was done yet; after its time the order is gone.',
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
    'automatic-starts-off': 'Kennzeichen starten nichts; Karten schon, und was lädt, lädt weiter.',
    payment: 'Bis er freigegeben ist, ist das Geld des Fahrers für nichts vorgemerkt.',
    'second-person': 'Noch ist nichts geschehen; nach seiner Zeit ist die Anweisung weg.',
    'clock-skew': 'Ihre Zeiten sagen nichts; nichts richtet sich nach ihnen.',
    'read-rate': 'Mehr Fahrzeuge brauchen dort Karte oder Rückfrage.',
    'forged-push': 'Nichts davon erreichte einen Platz.',
    store: 'Nichts wird gestartet oder bestätigt, was nicht bewahrt werden kann.',
    reader: 'Bilder werden unterdessen nicht gelesen; Fahrer nehmen Karte oder Code.',
    upstream: 'Was ihm geschuldet ist, wird bewahrt und später gesendet.',
  },
} satisfies { readonly en: Sentences; readonly de: Sentences })
type Sentences = { readonly [type in Known]: string }

/** German only: what happened, and what to do. */
const GERMAN: { readonly [type in Known]: readonly [says: string, todo: string] } = {
  suggested: ['Ein Start wartet auf einen Menschen.', 'Geben Sie den Besuch frei, oder der Fahrer zeigt eine Karte.'],
  clone: [
    'Dasselbe Kennzeichen steht auch an einem anderen Platz.',
    'Sehen Sie beide Plätze an und geben Sie den richtigen frei.',
  ],
  disputed: [
    'Vor dem Laden wurde ein zweites Kennzeichen gelesen.',
    'Sehen Sie den Platz an und geben Sie das richtige Fahrzeug frei.',
  ],
  'camera-empty': [
    'Die Kamera sieht den Platz leer, der Ladepunkt meldet Laden.',
    'Sehen Sie hin: Schnee, Blendung oder ein Transporter kann das Fahrzeug verdecken.',
  ],
  'other-plate': [
    'Die Kamera liest ein anderes Kennzeichen als das dieses Besuchs.',
    'Sehen Sie hin und berichtigen Sie das Kennzeichen, wenn das erste falsch war.',
  ],
  orphan: [
    'Eine Transaktion blieb am Ladepunkt offen, als ihr Besuch endete.',
    'Sie schließt sich, wenn der Ladepunkt sich meldet; sonst beenden Sie sie von Hand.',
  ],
  offline: [
    'Ein Ladepunkt ist nicht verbunden.',
    'Prüfen Sie Strom und Netz; was er gespeichert hat, kommt von selbst.',
  ],
  'dead-token': [
    'Der Ladepunkt startete mit einer ungültigen Karte.',
    'Prüfen Sie, ob er aufhört; sonst beenden Sie es von Hand.',
  ],
  blocked: [
    'Ein Fahrzeug belegt den Platz, ohne zu laden.',
    'Sprechen Sie mit dem Fahrer, oder lassen Sie den Platz räumen.',
  ],
  'nobody-pays': ['Für das laufende Laden zahlt niemand.', 'Beenden Sie es, oder geben Sie ein Konto frei.'],
  signals: [
    'Die Signale des Ladepunkts widersprechen sich.',
    'Vergleichen Sie Anzeige und Rechnung; nennen Sie ein Profil, das dem ehrlichen Signal glaubt.',
  ],
  'drawn-after-end': ['Der Ladepunkt meldete das Ende und gibt weiter Strom.', 'Beenden Sie das Laden am Ladepunkt.'],
  payment: [
    'Ein Betrag ist vorgemerkt und wird nicht gebraucht.',
    'Geben Sie ihn auf der Bezahlseite frei; nach einem Tag endet dieser Hinweis von selbst.',
  ],
  'second-person': [
    'Eine Anweisung wartet auf einen zweiten Menschen.',
    'Sehen Sie nach dem Platz; stimmen Sie dann auf seinem Bildschirm zu, oder lehnen Sie ab. Es muss jemand anderes sein als wer es angewiesen hat.',
  ],
  'automatic-starts-off': [
    'Die automatischen Starts sind aus.',
    'Schalten Sie sie wieder ein, wenn der Grund vorbei ist.',
  ],
  'clock-skew': ['Die Uhr eines Geräts geht falsch.', 'Stellen Sie sie und halten Sie sie im Takt.'],
  'read-rate': ['Eine Kamera liest weniger Fahrzeuge als sonst.', 'Sehen Sie ihr Bild an: Linse, Licht, Richtung.'],
  'forged-push': [
    'Im Namen einer Kamera wurde etwas Fremdes gesendet.',
    'Suchen Sie, wer sendet; das Journal nennt die Adressen.',
  ],
  store: [
    'Das Journal kann nicht geschrieben werden.',
    'Schaffen Sie Platz auf der Platte, oder berichtigen Sie die Rechte.',
  ],
  reader: [
    'Der eigene Leser ist ausgefallen.',
    'Er wird von selbst neu gestartet; bleibt es, sehen Sie nach dem Speicher.',
  ],
  upstream: ['Das Abrechnungssystem antwortet nicht.', 'Sehen Sie nach Netz und System.'],
}

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
  const german: { readonly [type: string]: readonly [string, string] } = GERMAN
  const own = language === 'de' ? german[type] : undefined
  const exact = { says: inWords(says), means: means[type] ?? null, todo: inWords(todo), exact: null }
  // What is said of this very alarm says more than what is said of its kind.
  if (own === undefined || (exact.says !== says && exact.todo !== todo)) return exact
  return { says: own[0], means: exact.means, todo: own[1], exact: `${says} ${todo}` }
}
