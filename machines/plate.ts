/**
 * A plate as text: normalized for comparing, folded for matching, judged by format, masked for people who may not see it.
 * Equality of folded texts is the only tolerance that berth knows: edit distance never makes two reads one plate.
 */

/** Longest normalized text: beyond any plate, so that a longer text never becomes plausible by being cut. */
export const LONGEST_PLATE = 16

/** Cyrillic and Greek capitals that stand for a Latin one on plates: the device's alphabet must not make a second vehicle. */
const LATIN: { readonly [letter: string]: string } = {
  А: 'A',
  В: 'B',
  Е: 'E',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
  У: 'Y',
  Х: 'X',
  І: 'I',
  Α: 'A',
  Β: 'B',
  Ε: 'E',
  Ζ: 'Z',
  Η: 'H',
  Ι: 'I',
  Κ: 'K',
  Μ: 'M',
  Ν: 'N',
  Ο: 'O',
  Ρ: 'P',
  Τ: 'T',
  Υ: 'Y',
  Χ: 'X',
}

/** Characters that readers and people mistake for a digit, and that digit. */
const LOOKALIKES: { readonly [letter: string]: string } = {
  O: '0',
  Q: '0',
  D: '0',
  I: '1',
  L: '1',
  Z: '2',
  S: '5',
  B: '8',
  G: '6',
}

/** Upper case, only A-Z and 0-9, at most `LONGEST_PLATE` characters; '' where nothing is left. */
export const normalize = (text: string): string => (NORMAL.test(text) ? text : normalized(text))

/** What most devices send, and every text that was normalized before. */
const NORMAL = new RegExp(`^[A-Z0-9]{1,${LONGEST_PLATE}}$`)

const normalized = (text: string): string =>
  text
    .slice(0, 256)
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[\u0370-\u04FF]/g, (letter) => LATIN[letter] ?? '')
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, LONGEST_PLATE)

/** The matching key of a normalized plate: look-alikes become one character each, so the length stays. Two plates with equal keys are one vehicle. */
export function fold(normal: string): string {
  let folded = ''
  for (const character of normal) folded += LOOKALIKES[character] ?? character
  return folded
}

/** Longer than nine characters only in these formats: India (two-letter series), and Bharat series. */
const LONG_FORMATS = [/^[A-Z]{2}\d{1,2}[A-Z]{1,3}\d{4}$/, /^\d{2}BH\d{4}[A-Z]{1,2}$/]

/** Four to six round characters: the rings and letters of a badge (`C00D`, `0000`), not a plate. */
const RINGS = /^[COQDGU0]{4,6}$/

/** A day as a camera prints it into its own picture. */
const STAMP =
  /^(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])20\d\d|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])20\d\d)$/

/** Fewest groups of letters and digits as which the text can be seen: a look-alike joins the group beside it. */
const groups = (normal: string): number => normal.replace(/[OQDILZSBG012568]/g, '').match(/[A-Z]+|\d+/g)?.length ?? 1

/** Longest run of letters as written. */
const letterRun = (normal: string): number => Math.max(0, ...normal.split(/\d+/).map((run) => run.length))

/**
 * Whether a normalized text can be a plate: 4 to 9 characters (10 in known long formats), at least one digit, few enough groups,
 * no lettering, badge, grille or printed date. Generous on purpose: it keeps nonsense from leading a vote and proves nothing.
 * An all-letter vanity plate is refused: it cannot be told from a van's lettering, so its driver uses a card or the app.
 */
export function plausible(normal: string): boolean {
  if (LONG_FORMATS.some((format) => format.test(normal))) return true
  if (normal.length < 4 || normal.length > 9 || !/\d/.test(normal) || /[^A-Z0-9]/.test(normal)) return false
  if (RINGS.test(normal) || STAMP.test(normal)) return false
  // A grille or a fence is read as one character over and over.
  if (new Set(fold(normal)).size === 1) return false
  if (!/[A-Z]/.test(normal)) return normal.length >= 5 && normal.length <= 8
  return letterRun(normal) <= (normal.length <= 7 ? 6 : 5) && groups(normal) <= 5
}

/** For eyes that may not see it: `QZ98XWV` gives `QZ•••WV`; never more than half of the characters, and always three dots. */
export function mask(plate: string): string {
  const keep = plate.length >= 7 ? 2 : plate.length >= 4 ? 1 : 0
  return `${plate.slice(0, keep)}•••${keep === 0 ? '' : plate.slice(-keep)}`
}
