/** German for what the register refuses. */
import type { Pair } from './sentences-german.ts'

/** The sentences. */
export const REGISTER_SENTENCES: readonly Pair[] = [
  [
    'Who had this account was forgotten, and its id bears no name again; take another id.',
    'Wer dieses Konto hatte, wurde vergessen, und seine Kennung trägt keinen Namen mehr; nehmen Sie eine andere.',
  ],
  [
    'This vehicle was blocked by people of the site; only they lift that block.',
    'Dieses Fahrzeug wurde vom Standort gesperrt; nur er hebt das auf.',
  ],
  [
    'It was blocked by people of the site; only they lift that block.',
    'Es wurde vom Standort gesperrt; nur er hebt das auf.',
  ],
  [
    'Another account holds this plate or one that cameras cannot tell from it (0 and O, 1 and I, 8 and B are one to them); remove that one first.',
    'Ein anderes Konto hat dieses Kennzeichen oder eines, das Kameras nicht davon unterscheiden (0 und O, 1 und I, 8 und B sind für sie eins); entfernen Sie zuerst jenes.',
  ],
  [
    'The account has {}, which cameras cannot tell from this plate (0 and O, 1 and I, 8 and B are one to them); remove that one first.',
    'Das Konto hat {}, das Kameras nicht von diesem unterscheiden (0 und O, 1 und I, 8 und B sind für sie eins); entfernen Sie zuerst jenes.',
  ],
  [
    'This alias bills another account at the back end; take one of your own, or ask a supervisor.',
    'Mit diesem Token zahlt beim Abrechnungssystem ein anderes Konto; nehmen Sie ein eigenes, oder fragen Sie die Aufsicht.',
  ],
  [
    'The plate stands in {} {} already; keep one of the two.',
    'Das Kennzeichen steht schon in {} {}; behalten Sie eines von beiden.',
  ],
  [
    'The plate looks the same to cameras as that of {} {} (0 and O, 1 and I, 8 and B are one to them); keep one of the two.',
    'Das Kennzeichen sieht für Kameras aus wie das in {} {} (0 und O, 1 und I, 8 und B sind für sie eins); behalten Sie eines von beiden.',
  ],
  ['line', 'Zeile'],
  ['row', 'Zeile'],
  ['Line {}: {} (Nothing was imported{}.)', 'Zeile {}: {} (Nichts wurde übernommen.)'],
  ['Line {}: {} (Nothing was imported.)', 'Zeile {}: {} (Nichts wurde übernommen.)'],
  ['accountId is missing; name the account that pays.', 'accountId fehlt; nennen Sie das Konto, das zahlt.'],
  [
    'accountId takes 1 to 64 letters, digits, spaces or . _ : @ + - and begins with a letter or digit.',
    'accountId hat 1 bis 64 Buchstaben, Ziffern, Leerzeichen oder . _ : @ + - und beginnt mit Buchstabe oder Ziffer.',
  ],
  ['plateStartsPerDay must be a whole number from 0 to 1000.', 'plateStartsPerDay ist eine ganze Zahl von 0 bis 1000.'],
  ['blocked must be true or false (yes, no, 1 and 0 will do).', 'blocked ist true oder false (auch yes, no, 1 und 0).'],
  ['blocked must be true or false.', 'blocked ist true oder false.'],
  [
    'A token takes 1 to 36 characters without spaces or accents.',
    'Ein Token hat 1 bis 36 Zeichen ohne Leerzeichen und Akzente.',
  ],
  [
    'alias is a token: 1 to 36 characters without spaces or accents.',
    'alias ist ein Token: 1 bis 36 Zeichen ohne Leerzeichen und Akzente.',
  ],
  ['The plate is missing.', 'Das Kennzeichen fehlt.'],
  ['The plate has no letters or digits.', 'Das Kennzeichen hat keine Buchstaben oder Ziffern.'],
  [
    'The plate is too short; write at least {} letters or digits.',
    'Das Kennzeichen ist zu kurz; schreiben Sie mindestens {} Buchstaben oder Ziffern.',
  ],
  [
    'The plate is too long; write at most {} letters or digits.',
    'Das Kennzeichen ist zu lang; schreiben Sie höchstens {} Buchstaben oder Ziffern.',
  ],
  [
    'The plate holds a control character; type it again.',
    'Das Kennzeichen enthält ein Steuerzeichen; tippen Sie es neu.',
  ],
  ['{} has no "{}"; it takes {}.', '{1} kennt kein „{2}“, sondern {3}.'],
  ['A vehicle', 'Ein Fahrzeug'],
  ['An account', 'Ein Konto'],
  ['A token', 'Eine Karte'],
  ['{} must be text.', '{} ist ein Text.'],
  ['{} is too long; write at most {} characters.', '{} ist zu lang; schreiben Sie höchstens {} Zeichen.'],
  ['{} holds half a character; type it again.', '{} enthält ein halbes Zeichen; tippen Sie es neu.'],
  ['{} holds a control character; type it again.', '{} enthält ein Steuerzeichen; tippen Sie es neu.'],
  ['{} must be one of {}.', '{} ist eines von: {}.'],
  ['validTo is before validFrom.', 'validTo liegt vor validFrom.'],
  [
    '{} must be a date that exists, like 2026-11-22, or a time with its offset, like 2026-11-22T10:00:00Z.',
    '{} ist ein Tag, den es gibt, wie 2026-11-22, oder eine Zeit mit ihrem Abstand zu UTC, wie 2026-11-22T10:00:00Z.',
  ],
  [
    '{}; write hours like "Mo-Fr 06:00-18:00; Sa 08:00-12:00", "22:00-06:00" or "24/7".',
    '{}; schreiben Sie Zeiten wie „Mo-Fr 06:00-18:00; Sa 08:00-12:00“, „22:00-06:00“ oder „24/7“.',
  ],
  ['The hours are empty', 'Die Zeiten sind leer'],
  ['The hours name no time', 'Die Zeiten nennen keine Zeit'],
  ['A comma has nothing beside it', 'Neben einem Komma steht nichts'],
  ['"{}" is no day (Mo, Tu, We, Th, Fr, Sa, Su)', '„{}“ ist kein Tag (Mo, Tu, We, Th, Fr, Sa, Su)'],
  ['"{}" is no range of times', '„{}“ ist kein Zeitraum'],
  ['"{}" holds a time that no clock shows', '„{}“ enthält eine Zeit, die keine Uhr zeigt'],
  [
    '"{}" begins when it ends (the whole day is 00:00-24:00)',
    '„{}“ beginnt, wenn es endet (der ganze Tag ist 00:00-24:00)',
  ],
  [
    '"{}" is named twice; write all its times in one part, as in "{}"',
    '„{}“ ist zweimal genannt; schreiben Sie alle Zeiten zusammen, wie in „{}“',
  ],
  [
    'berth made this token for a start of its own; register the card that the driver holds.',
    'Dieses Token machte berth für einen eigenen Start; tragen Sie die Karte ein, die der Fahrer hat.',
  ],
  [
    'was blocked by people of the site; only they lift that block.',
    'wurde vom Standort gesperrt; nur er hebt das auf.',
  ],
  ['The line {}.', 'Die Zeile {}.'],
  ['opens a quote that is never closed', 'öffnet ein Anführungszeichen, das nie schließt'],
  [
    'has a quote inside an unquoted cell; quote the whole cell and double the quotes in it',
    'hat ein Anführungszeichen in einer Zelle ohne Anführung; setzen Sie die ganze Zelle in Anführungszeichen und verdoppeln Sie die darin',
  ],
  ['has text behind a closing quote', 'hat Text hinter einem schließenden Anführungszeichen'],
  ['The bay changed since the order was given.', 'Der Platz hat sich seit der Anweisung geändert.'],
  [
    'When {} gave this order {} would have paid, and now {} would: it is not obeyed; give it anew.',
    'Als {} das anwies, hätte {} gezahlt, und jetzt würde {} zahlen: Es wird nicht befolgt; weisen Sie es neu an.',
  ],
  [
    'The plate holds signs that stand on no plate; write its letters, digits, spaces and dashes.',
    'Das Kennzeichen enthält Zeichen, die auf keinem stehen; schreiben Sie seine Buchstaben, Ziffern, Leerzeichen und Striche.',
  ],
]
