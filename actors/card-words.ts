/** Languages that berth speaks to drivers, the first where nobody asked for one that it knows. */
export const DRIVER_LANGUAGES = ['en', 'de'] as const
export type DriverLanguage = (typeof DRIVER_LANGUAGES)[number]

/** `short` for a display (at most 32 characters), `long` for a page: what happened and what to do, in one or two sentences. */
export type DriverText = { readonly short: string; readonly long: string }
/** One text in every language. */
export type Texts = { readonly [language in DriverLanguage]: DriverText }
/** Texts for the reasons that read the same. */
export type Entry = Texts & { readonly reasons: readonly string[] }

/** The offer that always works. */
export const CARD_EN = 'Hold your card to the reader of the charge point.'
/** The same in German. */
export const CARD_DE = 'Halten Sie Ihre Karte an das Lesefeld der Ladesäule.'

/** Where a card is the way on, and why. */
export const CARD_WORDS: readonly Entry[] = [
  {
    reasons: ['charge point away'],
    en: {
      short: 'Offline: card or another bay',
      long: 'The charge point is not connected just now, so nothing starts by itself here. Try your card at its reader, or take another bay.',
    },
    de: {
      short: 'Offline: Karte, anderer Platz',
      long: 'Die Ladesäule ist gerade nicht verbunden, hier startet nichts von selbst. Versuchen Sie Ihre Karte am Lesefeld, oder nehmen Sie einen anderen Platz.',
    },
  },
  {
    reasons: ['review'],
    en: {
      short: 'Present card, or wait a moment',
      long: `Your plate was not read for certain and somebody is looking at it. You need not wait: ${lower(CARD_EN)}`,
    },
    de: {
      short: 'Karte vorhalten oder warten',
      long: `Ihr Kennzeichen wurde nicht sicher gelesen; jemand sieht es sich an. Sie müssen nicht warten: ${CARD_DE}`,
    },
  },
  {
    reasons: ['a person confirms', 'waits for a person'],
    en: {
      short: 'Present card, or wait a moment',
      long: `Somebody has to confirm this charge. You need not wait: ${lower(CARD_EN)}`,
    },
    de: {
      short: 'Karte vorhalten oder warten',
      long: `Diese Ladung wird von einer Person bestätigt. Sie müssen nicht warten: ${CARD_DE}`,
    },
  },
  {
    reasons: ['no-plate', 'not-identified'],
    en: { short: 'Plate not read: present card', long: `Your plate could not be read. ${CARD_EN}` },
    de: { short: 'Nicht gelesen: Karte, bitte', long: `Ihr Kennzeichen war nicht zu lesen. ${CARD_DE}` },
  },
  {
    reasons: ['reads disagree', 'plate-elsewhere'],
    en: { short: 'Plate unclear: present card', long: `Your plate could not be told for certain. ${CARD_EN}` },
    de: { short: 'Kennzeichen unklar: Karte bitte', long: `Ihr Kennzeichen war nicht eindeutig. ${CARD_DE}` },
  },
  {
    reasons: ['timeout'],
    en: { short: 'Time is over: present card', long: `The start has waited too long. ${CARD_EN}` },
    de: { short: 'Zeit abgelaufen: Karte, bitte', long: `Der Start hat zu lange gewartet. ${CARD_DE}` },
  },
  {
    reasons: ['plug-ambiguous'],
    en: {
      short: 'Which bay? Present your card',
      long: `Two vehicles wait for this cable, so nothing starts by itself. ${CARD_EN}`,
    },
    de: {
      short: 'Welcher Platz? Karte, bitte',
      long: `Zwei Fahrzeuge warten auf dieses Kabel, deshalb startet nichts von selbst. ${CARD_DE}`,
    },
  },
  {
    reasons: ['rejected', 'charge point not reached'],
    en: { short: 'Start failed: present card', long: `The charge point did not take the start. ${CARD_EN}` },
    de: { short: 'Kein Start: Karte, bitte', long: `Die Ladesäule hat den Start nicht angenommen. ${CARD_DE}` },
  },
  {
    reasons: [
      'unknown',
      'blocked',
      'expired',
      'out-of-hours',
      'unanswered',
      'no-alias',
      'alias-busy',
      'objected',
      'daily-limit',
      'automatic starts are off',
      'by-card',
    ],
    en: { short: 'Please present your card', long: `This charge does not start by the plate. ${CARD_EN}` },
    de: { short: 'Bitte Karte vorhalten', long: `Diese Ladung startet nicht über das Kennzeichen. ${CARD_DE}` },
  },
  {
    reasons: ['operator'],
    en: {
      short: 'Present card, or ask the staff',
      long: `The staff did not release this charge. Ask them, or hold another card to the reader.`,
    },
    de: {
      short: 'Karte, oder Personal fragen',
      long: 'Das Personal hat diese Ladung nicht freigegeben. Fragen Sie dort, oder halten Sie eine andere Karte vor.',
    },
  },
]

function lower(sentence: string): string {
  return `${sentence[0]?.toLowerCase()}${sentence.slice(1)}`
}
