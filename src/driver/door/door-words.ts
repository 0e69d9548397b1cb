import type { DriverLanguage } from '../../../actors/card-words.ts'

/** What may come of a press, as it stands in the address afterwards. */
export const DRIVER_WORKS = [
  'starting',
  'stopping',
  'changed',
  'wrong',
  'pause',
  'not-yours',
  'payment-unknown',
  'payment-used',
  'payment-late',
  'payment-gone',
  'payment-refused',
  'payment-many',
] as const
export type DriverSays = (typeof DRIVER_WORKS)[number]

/** The words of forms and answers. No word says whether a plate is known here. */
export type DoorWords = {
  readonly says: { readonly [said in DriverSays]: string }
  readonly pay: (hold: string) => string
  readonly payNote: string
  readonly account: string
  readonly plate: string
  readonly secret: string
  readonly start: string
  readonly own: string
  readonly stop: string
  readonly stopSure: string
  readonly stopOther: string
  /** Above the fields, on a phone that did not begin the charge. */
  readonly whoStops: string
  readonly unread: (plates: number) => string
  readonly mine: string
  readonly notHere: string
  readonly lookAround: (bay: string) => string
  readonly beside: (bays: readonly string[]) => string
}

export const DOOR_WORDS: { readonly [language in DriverLanguage]: DoorWords } = {
  en: {
    says: {
      starting: 'Thank you. Your charge is starting; plug in if you have not done so.',
      stopping: 'The charge is being stopped. Unplug when the charge point says so.',
      changed: 'The bay changed meanwhile, so nothing was done. Look at what stands above.',
      wrong:
        'Plate and PIN do not go together here. Look at both and try again. After many wrong tries only a one-time code or a card helps, for a day.',
      pause: 'Too many tries. Wait a quarter of an hour, or present a card at the charge point.',
      'not-yours':
        'Only whoever began this charge can stop it here, with their phone or with their plate and PIN. Otherwise use the charging menu in the vehicle.',
      'payment-unknown': 'This payment does not belong to this bay, so nothing was started.',
      'payment-used': 'This payment was used already; nothing was started a second time.',
      'payment-late': 'The payment came too late, so nothing was started. What was held is released.',
      'payment-gone': 'The bay changed while you paid, so nothing was started. What was held is released.',
      'payment-refused': 'Nothing was paid, and nothing was started.',
      'payment-many':
        'Too many payments were begun here and are not finished. Finish one of them, or try again in a few minutes.',
    },
    pay: (hold) => `Pay and charge: hold\u00a0${hold}`,
    payNote: 'You pay on the payment page, then come back here. Only what you use is taken.',
    account: 'I am registered here',
    plate: 'Your plate',
    secret: 'PIN or one-time code',
    start: 'Charge',
    own: 'This phone began the charge.',
    stop: 'Stop charging',
    stopSure: 'Yes, stop',
    stopOther: 'Stop my charge',
    whoStops:
      'This phone did not begin it. Stop it with the plate and PIN of whoever did, or on the phone that paid; the charging menu in the vehicle stops it, too.',
    unread: (plates) => `Your plate could not be read for sure. Is ${plates === 1 ? 'this' : 'one of these'} yours?`,
    mine: 'That is mine',
    notHere: 'Not this bay?',
    lookAround: (bay) => `This page is for ${bay}. Look at the sign where you stand and scan its code.`,
    beside: (bays) => `Beside it ${bays.length === 1 ? 'is' : 'are'} ${bays.join(', ')}.`,
  },
  de: {
    says: {
      starting: 'Danke. Ihre Ladung startet; stecken Sie das Kabel ein, falls noch nicht geschehen.',
      stopping: 'Die Ladung wird beendet. Ziehen Sie das Kabel, sobald die Ladesäule es anzeigt.',
      changed: 'Am Platz hat sich inzwischen etwas geändert, es ist nichts geschehen. Sehen Sie oben nach.',
      wrong:
        'Kennzeichen und PIN passen hier nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal. Nach vielen falschen Versuchen hilft einen Tag lang nur ein Einmalcode oder eine Karte.',
      pause: 'Zu viele Versuche. Warten Sie eine Viertelstunde, oder halten Sie eine Karte an die Ladesäule.',
      'not-yours':
        'Nur wer diese Ladung gestartet hat, kann sie hier beenden: mit dem eigenen Telefon, oder mit Kennzeichen und PIN. Sonst hilft das Lademenü im Fahrzeug.',
      'payment-unknown': 'Diese Zahlung gehört nicht zu diesem Platz, es wurde nichts gestartet.',
      'payment-used': 'Diese Zahlung wurde schon verwendet; es wurde nichts ein zweites Mal gestartet.',
      'payment-late': 'Die Zahlung kam zu spät, es wurde nichts gestartet. Der vorgemerkte Betrag wird freigegeben.',
      'payment-gone':
        'Am Platz hat sich etwas geändert, während Sie bezahlt haben; es wurde nichts gestartet. Der vorgemerkte Betrag wird freigegeben.',
      'payment-refused': 'Es wurde nichts bezahlt und nichts gestartet.',
      'payment-many':
        'Hier wurden zu viele Zahlungen begonnen und nicht beendet. Beenden Sie eine davon, oder versuchen Sie es in einigen Minuten wieder.',
    },
    pay: (hold) => `Bezahlen und laden: ${hold} vormerken`,
    payNote: 'Sie bezahlen auf der Bezahlseite und kommen dann hierher zurück. Berechnet wird nur, was Sie laden.',
    account: 'Ich bin hier angemeldet',
    plate: 'Ihr Kennzeichen',
    secret: 'PIN oder Einmalcode',
    start: 'Laden',
    own: 'Dieses Telefon hat die Ladung gestartet.',
    stop: 'Ladung beenden',
    stopSure: 'Ja, beenden',
    stopOther: 'Meine Ladung beenden',
    whoStops:
      'Dieses Telefon hat sie nicht gestartet. Beenden Sie sie mit Kennzeichen und PIN dessen, der sie gestartet hat, oder mit dem Telefon, das bezahlt hat; auch das Lademenü im Fahrzeug beendet sie.',
    unread: (plates) =>
      `Ihr Kennzeichen ließ sich nicht sicher lesen. Ist es ${plates === 1 ? 'dieses' : 'eines von diesen'}?`,
    mine: 'Das ist meines',
    notHere: 'Nicht dieser Platz?',
    lookAround: (bay) =>
      `Diese Seite ist für ${bay}. Sehen Sie auf das Schild, wo Sie stehen, und scannen Sie dessen Code.`,
    beside: (bays) => `Daneben ${bays.length === 1 ? 'liegt' : 'liegen'} ${bays.join(', ')}.`,
  },
}
