/** Minutes of one day's opening, from its own midnight: `to` beyond 1,440 runs into the next day. */
export type Opening = { readonly from: number; readonly to: number }

/** Seven days, Monday first, each with its openings. */
export type Hours = { readonly week: readonly (readonly Opening[])[] }

/** One sentence: what is wrong with the text and how to write it. */
export type HoursProblem = { readonly problem: string }

/** A moment as a clock on the site's wall shows it. */
export type WallTime = {
  /** `2026-11-22`. */
  readonly date: string
  /** 0 = Monday … 6 = Sunday. */
  readonly weekday: number
  /** Minutes since midnight by the wall clock, 0 … 1,439. */
  readonly minute: number
}

const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']
const DAY_MINUTES = 1440
const HOW = 'write hours like "Mo-Fr 06:00-18:00; Sa 08:00-12:00", "22:00-06:00" or "24/7"'

const problem = (what: string): HoursProblem => ({ problem: `${what}; ${HOW}.` })

/**
 * Reads opening hours: days (`Mo-Fr`, `Mo,We`, none = every day) with times (`06:00-18:00`, `06:00-10:00,14:00-18:00`, over midnight
 * `22:00-06:00`, none = the whole day). Parts follow each other by `;` or `,`; `24/7` is always. A day that is named again after `;`
 * is refused: some standards take the last part only, people mean both.
 */
export function parseHours(text: string): Hours | HoursProblem {
  const clean = text
    .trim()
    .toLowerCase()
    .replace(/[–—]/g, '-')
    .replace(/\s*([-,;])\s*/g, '$1')
    .replace(/\s+/g, ' ')
  if (clean === '') return problem('The hours are empty')
  if (clean === '24/7') return { week: DAYS.map(() => [{ from: 0, to: DAY_MINUTES }]) }
  const week: Opening[][] = DAYS.map(() => [])
  const named = new Set<number>()
  for (const part of clean.split(';')) {
    if (part === '') continue
    const rules = parsePart(part)
    if ('problem' in rules) return rules
    const days = new Set(rules.flatMap((rule) => rule.days))
    for (const day of days) {
      if (named.has(day)) {
        return problem(
          `"${DAYS[day]}" is named twice; write all its times in one part, as in "${DAYS[day]} 06:00-10:00,14:00-18:00"`,
        )
      }
      named.add(day)
    }
    for (const rule of rules) for (const day of rule.days) week[day]?.push(...rule.openings)
  }
  if (named.size === 0) return problem('The hours name no time')
  return { week }
}

type Rule = { readonly days: readonly number[]; readonly openings: readonly Opening[] }

/** One part between semicolons: commas list days, times, or a further rule that adds to the first (`Mo 06:00-18:00,Sa 08:00-12:00`). */
function parsePart(part: string): readonly Rule[] | HoursProblem {
  const rules: { days: number[]; openings: Opening[] }[] = []
  let current: { days: number[]; openings: Opening[] } | null = null
  for (const item of part.split(',')) {
    const pieces = /^(?:([a-z]+(?:-[a-z]+)?)(?: |$))?(.*)$/.exec(item)
    const dayText = pieces?.[1]
    const timeText = pieces?.[2] ?? ''
    if (dayText === undefined && timeText === '') return problem('A comma has nothing beside it')
    if (dayText !== undefined) {
      const days = parseDays(dayText)
      if ('problem' in days) return days
      // Days after a time begin a new rule; days after days widen the list.
      if (current === null || current.openings.length > 0) {
        current = { days: [], openings: [] }
        rules.push(current)
      }
      current.days.push(...days)
    } else if (current === null) {
      current = { days: [0, 1, 2, 3, 4, 5, 6], openings: [] }
      rules.push(current)
    }
    if (timeText !== '') {
      const opening = parseOpening(timeText)
      if ('problem' in opening) return opening
      current.openings.push(opening)
    }
  }
  return rules.map((rule) =>
    rule.openings.length > 0 ? rule : { days: rule.days, openings: [{ from: 0, to: DAY_MINUTES }] },
  )
}

function parseDays(text: string): readonly number[] | HoursProblem {
  const ends = text.split('-').map((name) => DAYS.indexOf(name))
  const unknown = text.split('-').find((name) => !DAYS.includes(name))
  if (unknown !== undefined) return problem(`"${unknown}" is no day (Mo, Tu, We, Th, Fr, Sa, Su)`)
  const [from = 0, to = from] = ends
  const days = [from]
  for (let day = from; day !== to; ) {
    day = (day + 1) % 7
    days.push(day)
  }
  return days
}

function parseOpening(text: string): Opening | HoursProblem {
  const match = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(text)
  if (match === null) return problem(`"${text}" is no range of times`)
  const from = minutes(match[1], match[2])
  const to = minutes(match[3], match[4])
  if (from === null || from === DAY_MINUTES || to === null) return problem(`"${text}" holds a time that no clock shows`)
  if (from === to) return problem(`"${text}" begins when it ends (the whole day is 00:00-24:00)`)
  return { from, to: to > from ? to : to + DAY_MINUTES }
}

/** Minutes since midnight, 24:00 included; null for what no clock shows. */
function minutes(hour: string | undefined, minute: string | undefined): number | null {
  const value = Number(hour) * 60 + Number(minute)
  return Number(minute) < 60 && value <= DAY_MINUTES ? value : null
}

/**
 * Whether the hours are open at `at` (ms since 1970) by the wall clock of the time zone (IANA name). When clocks go forward the
 * missing hour is never asked for; when they go back both passes of the repeated hour count.
 */
export function isOpen(hours: Hours, at: number, timezone: string): boolean {
  const { weekday, minute } = wallTime(at, timezone)
  const within = (day: number, when: number) =>
    (hours.week[day] ?? []).some((opening) => opening.from <= when && when < opening.to)
  return within(weekday, minute) || within((weekday + 6) % 7, minute + DAY_MINUTES)
}

/** Making a formatter costs a hundred times its use; a site has one time zone. */
const formatters = new Map<string, Intl.DateTimeFormat>()

/** What a wall clock in the time zone (IANA name) shows at `at`, ms since 1970. Throws RangeError for a zone that nobody knows. */
export function wallTime(at: number, timezone: string): WallTime {
  let formatter = formatters.get(timezone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      weekday: 'short',
    })
    formatters.set(timezone, formatter)
  }
  const shown: { [type: string]: string } = {}
  for (const part of formatter.formatToParts(at)) shown[part.type] = part.value
  return {
    date: `${shown['year']?.padStart(4, '0')}-${shown['month']}-${shown['day']}`,
    weekday: DAYS.indexOf((shown['weekday'] ?? '').slice(0, 2).toLowerCase()),
    minute: Number(shown['hour']) * 60 + Number(shown['minute']),
  }
}
