import {
  CARD_DE,
  CARD_EN,
  CARD_WORDS,
  type DriverLanguage,
  type DriverText,
  type Entry,
  type Texts,
} from './card-words.ts'

/**
 * Everybody who passes reads a sign: no plate, no name, and nothing of why a register said no. What was refused for any reason
 * of the payer's reads the same.
 */
const TABLE: { readonly [message: string]: readonly Entry[] } = {
  free: [
    {
      reasons: ['exit-seen', 'exit-inferred', 'exit-unconfirmed', 'in-service'],
      en: {
        short: 'Free',
        long: 'Park in the bay and plug in. Your plate is read by itself; a card always works, too.',
      },
      de: {
        short: 'Frei',
        long: 'Parken Sie ein und stecken Sie das Kabel ein. Ihr Kennzeichen wird von selbst gelesen; eine Karte geht auch.',
      },
    },
  ],
  wait: [
    {
      reasons: ['reading'],
      en: {
        short: 'One moment, please',
        long: 'Your plate is being read. You may plug in already, or present your card.',
      },
      de: {
        short: 'Einen Moment, bitte',
        long: 'Ihr Kennzeichen wird gelesen. Sie können schon einstecken oder Ihre Karte vorhalten.',
      },
    },
  ],
  authorized: [
    {
      reasons: ['first', 'after-restart', 'operator'],
      en: {
        short: 'Starting. Please plug in.',
        long: 'You are recognised. Plug in if you have not done so: the charge starts by itself.',
      },
      de: {
        short: 'Erkannt. Bitte einstecken.',
        long: 'Sie wurden erkannt. Stecken Sie das Kabel ein, falls noch nicht geschehen: Die Ladung startet von selbst.',
      },
    },
    {
      reasons: ['preparing', 'replug'],
      en: { short: 'Starting', long: 'You are recognised and plugged in. The charge starts by itself.' },
      de: { short: 'Ladung startet', long: 'Sie wurden erkannt, das Kabel steckt. Die Ladung startet von selbst.' },
    },
  ],
  'plug-in': [
    {
      reasons: ['authorized', 'card'],
      en: { short: 'Plug in now', long: 'You may charge here. Plug in and the charge starts by itself.' },
      de: {
        short: 'Jetzt einstecken',
        long: 'Sie können hier laden. Stecken Sie das Kabel ein, die Ladung startet von selbst.',
      },
    },
  ],
  're-plug': [
    {
      reasons: ['rejected'],
      en: {
        short: 'Unplug and plug in again',
        long: 'The charge point did not take the start. Take the plug out, wait a moment and plug in again.',
      },
      de: {
        short: 'Kabel ziehen, neu einstecken',
        long: 'Die Ladesäule hat den Start nicht angenommen. Ziehen Sie das Kabel, warten Sie kurz und stecken Sie es wieder ein.',
      },
    },
  ],
  offline: [
    {
      reasons: ['start waits'],
      en: {
        short: 'Charger offline, please wait',
        long: 'You are recognised, but the charge point is not connected just now. Your charge starts by itself if it is back soon; if it is not, this page says so, and another bay works at once.',
      },
      de: {
        short: 'Säule offline, bitte warten',
        long: 'Sie wurden erkannt, aber die Ladesäule ist gerade nicht verbunden. Ist sie bald zurück, startet die Ladung von selbst; sonst steht es hier. Ein anderer Platz geht sofort.',
      },
    },
    {
      reasons: ['plug waits'],
      en: {
        short: 'Charge point offline',
        long: 'You may charge here, but the charge point is not connected just now. When it is back you are asked to plug in; another bay works at once.',
      },
      de: {
        short: 'Ladesäule offline',
        long: 'Sie können hier laden, aber die Ladesäule ist gerade nicht verbunden. Ist sie zurück, werden Sie zum Einstecken aufgefordert; ein anderer Platz geht sofort.',
      },
    },
  ],
  'present-card': CARD_WORDS,
  charging: [
    {
      reasons: ['guess', 'plate', 'autocharge', 'operator', 'card', 'plug-and-charge'],
      en: {
        short: 'Charging',
        long: 'Your vehicle is charging. To leave earlier, stop the charge in the vehicle.',
      },
      de: {
        short: 'Ladung läuft',
        long: 'Ihr Fahrzeug lädt. Wenn Sie früher fahren wollen, beenden Sie die Ladung im Fahrzeug.',
      },
    },
    {
      reasons: ['nobody pays'],
      en: {
        short: 'No payer yet: present card',
        long: `This charge is nobody’s yet and may be stopped. ${CARD_EN}`,
      },
      de: {
        short: 'Noch ohne Zahler: Karte, bitte',
        long: `Diese Ladung gehört noch niemandem und kann beendet werden. ${CARD_DE}`,
      },
    },
  ],
  paused: [
    {
      reasons: ['no current'],
      en: {
        short: 'Charging is paused',
        long: 'No current flows just now: the battery may be full, or power is shared. The bay stays yours.',
      },
      de: {
        short: 'Ladung pausiert',
        long: 'Gerade fließt kein Strom: Der Akku ist vielleicht voll, oder die Leistung wird geteilt. Der Platz bleibt Ihrer.',
      },
    },
  ],
  finished: [
    {
      reasons: ['take the cable out'],
      en: {
        short: 'Finished. Please unplug.',
        long: 'The charge has ended. Take the cable out and leave the bay to the next driver. Thank you.',
      },
      de: {
        short: 'Fertig. Bitte Kabel ziehen.',
        long: 'Die Ladung ist beendet. Ziehen Sie das Kabel und machen Sie den Platz frei für andere. Vielen Dank.',
      },
    },
    {
      reasons: ['please leave'],
      en: {
        short: 'Finished. Thank you.',
        long: 'The charge has ended. Please leave the bay to the next driver. Thank you.',
      },
      de: {
        short: 'Fertig. Gute Fahrt.',
        long: 'Die Ladung ist beendet. Bitte machen Sie den Platz frei für andere. Vielen Dank.',
      },
    },
  ],
  closed: [
    {
      reasons: ['out-of-service'],
      en: {
        short: 'Out of service',
        long: 'No charge starts by itself in this bay at the moment. Please take another one.',
      },
      de: {
        short: 'Außer Betrieb',
        long: 'Auf diesem Platz startet zurzeit keine Ladung. Bitte nehmen Sie einen anderen.',
      },
    },
    {
      reasons: ['charge point away'],
      en: {
        short: 'Charge point offline',
        long: 'The charge point of this bay is not connected at the moment. Please take another bay.',
      },
      de: {
        short: 'Ladesäule offline',
        long: 'Die Ladesäule dieses Platzes ist zurzeit nicht verbunden. Bitte nehmen Sie einen anderen.',
      },
    },
  ],
}

/** What never misleads: words that an older or newer machine put on record. */
const UNKNOWN: Texts = {
  en: { short: 'Please present your card', long: CARD_EN },
  de: { short: 'Bitte Karte vorhalten', long: CARD_DE },
}

const entryOf = (message: string, reason: string): Entry | null =>
  (Object.hasOwn(TABLE, message) ? TABLE[message] : undefined)?.find((entry) => entry.reasons.includes(reason)) ?? null

/** Whether this message has words of its own for this reason. */
export const hasWords = (message: string, reason: string): boolean => entryOf(message, reason) !== null

/** The words for the driver. A message or reason that the table does not know reads as the offer that always works. */
export function driverText(message: string, reason: string, language: DriverLanguage): DriverText {
  const { short, long } = (entryOf(message, reason) ?? UNKNOWN)[language]
  return { short, long }
}

/** The words in every language. */
export const driverTexts = (
  message: string,
  reason: string,
): { readonly [language in DriverLanguage]: DriverText } => ({
  en: driverText(message, reason, 'en'),
  de: driverText(message, reason, 'de'),
})

/** Every (message, reason) that has words. */
export const wordedPairs = (): readonly (readonly [string, string])[] =>
  Object.entries(TABLE).flatMap(([message, entries]) =>
    entries.flatMap(({ reasons }) => reasons.map((reason) => [message, reason] as const)),
  )
