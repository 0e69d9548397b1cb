/** German for alarms by their type, where what is said of one is not known as a sentence: what happened, and what to do. */
import type { KnownAlarm } from './alarm-words.ts'

/** What happened, and what to do; an alarm that is known and has no German does not compile. */
export const ALARMS: { readonly [type in KnownAlarm]: readonly [says: string, todo: string] } = {
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
  'plate-at-other-site': [
    'Dasselbe Kennzeichen ist auch an einem anderen Standort.',
    'Sehen Sie das Fahrzeug an und rufen Sie den anderen Standort an; berichtigen Sie das Kennzeichen, wenn es falsch gelesen wurde.',
  ],
  'second-person': [
    'Eine Anweisung wartet auf einen zweiten Menschen.',
    'Sehen Sie nach dem Platz; stimmen Sie dann auf seinem Bildschirm zu, oder lehnen Sie ab. Es muss jemand anderes sein als wer es angewiesen hat.',
  ],
  'zones-second-person': [
    'Neue Zonen warten auf einen zweiten Menschen.',
    'Sehen Sie den Entwurf auf dem Bildschirm der Zonen an; stimmen Sie dort zu, oder lehnen Sie ab. Es muss jemand anderes sein als wer ihn gezeichnet hat.',
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
