import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'

/** Text files of the project by their path from its top, `machines/bay.ts`. */
export type Files = ReadonlyMap<string, string>

/** The six rooms, in the order in which one learns them. */
export const ROOMS = ['machines', 'projections', 'actors', 'simulations', 'src', 'test'] as const

const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git', 'recordings'])
const TEXT = /\.(ts|tsx|mjs|js|json|md|css|html|grit|yaml|yml|sh|py)$|^run$/
const CODE = /\.(ts|tsx|mjs)$/

/** Every text file below `top`. */
export function filesOf(top: string): Files {
  const found = new Map<string, string>()
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (SKIPPED.has(entry.name)) continue
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile() && TEXT.test(entry.name)) found.set(path, readFileSync(join(top, path), 'utf8'))
    }
  }
  walk('')
  return found
}

/** Longest file. `ratchet` names the ones that were longer once: they may only shrink. */
export function tooLong(files: Files, ratchet: Readonly<Record<string, number>>, most = 300): string[] {
  return code(files).flatMap(([path, text]) => {
    const lines = text.trimEnd().split('\n').length
    const allowed = ratchet[path] ?? most
    return lines > allowed ? [`${path} has ${lines} lines, at most ${allowed}: cut it where its nouns part`] : []
  })
}

/** Every file of a room stands on the room's door sign, and every file on the sign is there. */
export function doorSigns(files: Files): string[] {
  return ROOMS.flatMap((room) => {
    const sign = files.get(`${room}/README.md`)
    if (sign === undefined) return [`${room}/README.md is missing`]
    const inside = [...files.keys()]
      .filter((path) => path.startsWith(`${room}/`))
      .map((path) => path.slice(room.length + 1))
    const needed = inside.filter(
      (path) => !/(^|\/)(README\.md|tsconfig\.json)$/.test(path) && (room !== 'test' || !path.endsWith('.test.ts')),
    )
    const listed = [...sign.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1] ?? '')
    return [
      ...needed
        .filter((path) => !listed.includes(path))
        .map((path) => `${room}/README.md does not say what ${path} is`),
      ...listed
        .filter((path) => !inside.includes(path))
        .map((path) => `${room}/README.md names ${path}, which is not there`),
    ]
  })
}

/** Whoever looks below a folder's heading finds all of that folder there, and nothing else. Files of a folder without a heading stand below that of the folder around it. */
export function strayedSigns(files: Files): string[] {
  return ROOMS.flatMap((room) => {
    const sections = (files.get(`${room}/README.md`) ?? '').split(/^## /m).map((section, place) => ({
      heading: place === 0 ? '' : (section.split('\n')[0] ?? '').trim(),
      listed: [...section.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1] ?? ''),
    }))
    const headings = sections.map(({ heading }) => heading)
    return sections.flatMap(({ heading, listed }) =>
      listed
        .map((path) => ({ path, home: headingOf(path, headings) }))
        .filter(({ home }) => home !== heading)
        .map(({ path, home }) => `${room}/README.md names ${path} below "${heading}", not below "${home}"`),
    )
  })
}

/** The heading of the folder that a file lies in, or of the nearest one around it; empty where there is none. */
function headingOf(path: string, headings: readonly string[]): string {
  const folders = path.split('/').slice(0, -1)
  while (folders.length > 0 && !headings.includes(folders.join('/'))) folders.pop()
  return folders.join('/')
}

const SAME_NAME_IS_FINE = new Set(['README.md', 'tsconfig.json', 'index.html'])

/** An editor's open-by-name finds a file in one step only where its name is its own. */
export function sameNames(files: Files): string[] {
  const byName = new Map<string, string>()
  return [...files.keys()].sort().flatMap((path) => {
    const name = basename(path)
    const first = byName.get(name)
    byName.set(name, first ?? path)
    return first === undefined || SAME_NAME_IS_FINE.has(name) ? [] : [`${path} and ${first} have the same name`]
  })
}

const EMPTY_NAME = /^(utils?|helpers?|commons?|types?|index|.*-?managers?|.*-?services?|misc|shared)\.(ts|tsx|mjs)$/

/** A file is named by its noun. */
export function emptyNames(files: Files): string[] {
  return [...files.keys()]
    .filter((path) => EMPTY_NAME.test(basename(path)))
    .map((path) => `${path} is not named by a noun of the field`)
}

/** Where OCPP 1.6's own words stand: the adapter, and what speaks to it from the other side. */
const OCPP_ROOMS = /(^|\/)ocpp\/|^simulations\/toy-|^src\/demo\/charge-point-client\.ts$/
const NOWHERE = /^$/

/** One word per thing: words of names in code. Prose may say them, and so may the fields of the contract. */
const NEVER_SAY: readonly { word: string; say: string; butIn: RegExp }[] = [
  { word: 'spot', say: 'bay', butIn: NOWHERE },
  { word: 'slot', say: 'bay', butIn: NOWHERE },
  { word: 'stall', say: 'bay', butIn: NOWHERE },
  { word: 'roi', say: 'zone', butIn: NOWHERE },
  { word: 'lpn', say: 'plate', butIn: NOWHERE },
  { word: 'gun', say: 'connector', butIn: NOWHERE },
  { word: 'station', say: 'charge point', butIn: OCPP_ROOMS },
  { word: 'charger', say: 'charge point', butIn: NOWHERE },
  { word: 'idtag', say: 'idToken', butIn: OCPP_ROOMS },
]

/** Names that this code declares with another word than the vocabulary's. */
export function otherWords(files: Files): string[] {
  return code(files).flatMap(([path, text]) => {
    const words = path.startsWith('test/') ? new Set<string>() : wordsOfNames(text)
    return NEVER_SAY.filter(({ word, butIn }) => words.has(word) && !butIn.test(path)).map(
      ({ word, say }) => `${path} says ${word} → ${say}`,
    )
  })
}

/** The words of declared names: `type ChargePointId` gives charge, point, id; `idTag` counts as one. Without comments and texts. */
function wordsOfNames(text: string): Set<string> {
  const bare = text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/.*$/gm, ' ')
    .replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, ' ')
  const declared = [...bare.matchAll(/\b(?:function|class|type|interface|const|let)\s+([\w$]+)/g)].map(
    (match) => match[1] ?? '',
  )
  const words = declared.flatMap((name) => name.replaceAll(/id_?tag/gi, 'Idtag').split(/[_$\d]+|(?<=[a-z])(?=[A-Z])/))
  return new Set(words.map((word) => word.toLowerCase()))
}

const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.])\/(?:home|root|Users|work)\/\w/, 'a path of somebody’s machine'],
  [/\b(?:FIXME|XXX|HACK)\b/, 'a note to self: do it, or write it down where it is found'],
  [/registry\.[a-z]+js\.org|\bverdaccio\b/, 'a registry host: npm knows its own'],
  [/\b(?:test|it|describe)\.only\(/, 'a test that silences the others'],
]

/** What belongs to one machine or one afternoon. */
export function strayTexts(files: Files): string[] {
  return [...files]
    .filter(([path]) => !/^(test\/(tidy-rules|canaries\.test)\.ts|package-lock\.json)$/.test(path))
    .flatMap(([path, text]) =>
      NOT_HERE.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${path} holds ${what}`),
    )
}

/** Rows of the tables below a page's heading, cells without backticks. */
export function tableBelow(page: string, heading: string): string[][] {
  const section = page.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
    .slice(1)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|')),
    )
}

/** Names that only one of the two lists holds, each with where it is missing. */
export function unequal(one: readonly string[], other: readonly string[], names: readonly [string, string]): string[] {
  return [
    ...one.filter((name) => !other.includes(name)).map((name) => `${names[1]} lacks ${name}`),
    ...other.filter((name) => !one.includes(name)).map((name) => `${names[0]} lacks ${name}`),
  ]
}

/** Commands that the documents tell people to type and that berth does not have. */
export function unknownCommands(files: Files, known: readonly string[]): string[] {
  return [...files]
    .filter(([path]) => /^(README|CONTRIBUTING)\.md$|^docs\/[\w-]+\.md$/.test(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(/(?:`|^|\s)(?:npx )?berth ([a-z][\w-]*)/gm)]
        .filter((match) => /[`]|npx/.test(match[0]) || inFence(text, match.index))
        .map((match) => match[1] ?? '')
        .filter((name) => !known.includes(name))
        .map((name) => `${path} tells people to type \`berth ${name}\``),
    )
}

/** What a system sets for every program. */
const SYSTEM_SETTINGS = new Set(['PATH', 'DISPLAY', 'WAYLAND_DISPLAY', 'HOME', 'CI'])

/** Environment variables that src reads and the README does not name: settings that nobody can know of. */
export function unnamedSettings(files: Files): string[] {
  const readme = files.get('README.md') ?? ''
  return code(files)
    .filter(([path]) => path.startsWith('src/'))
    .flatMap(([path, text]) =>
      [...text.matchAll(/\benv(?:\.|\[')([A-Z][A-Z0-9_]*)/g)].map((match) => ({ path, name: match[1] ?? '' })),
    )
    .filter(({ name }) => !SYSTEM_SETTINGS.has(name) && !readme.includes(`\`${name}\``))
    .map(({ path, name }) => `${path} reads ${name}, which the README does not name`)
}

/** Files and folders that the documents name and that are not there. */
export function lostPaths(files: Files): string[] {
  const isThere = (named: string): boolean =>
    [...files.keys()].some((path) => path === named || path.startsWith(`${named.replace(/\/$/, '')}/`))
  return [...files]
    .filter(([path]) => /^(README|CONTRIBUTING)\.md$|^docs\/[\w/-]+\.md$/.test(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(/`((?:machines|projections|actors|simulations|src|test|docs)\/[\w./-]*)`/g)]
        .map((match) => match[1] ?? '')
        .filter((named) => !isThere(named) && !/NNNN|recordings/.test(named))
        .map((named) => `${path} names ${named}, which is not there`),
    )
}

/** The pages that people read, not the door signs of the rooms. */
const PAGE = /^(README|CONTRIBUTING|SECURITY|CHANGELOG)\.md$|^docs\/[\w/-]+\.md$/

/**
 * Links of the pages that lead to no file, or to no heading of it. `extra` names what is there and is no text: pictures, the licence.
 * A heading's anchor is made as GitHub makes it.
 */
export function lostLinks(files: Files, extra: (path: string) => boolean): string[] {
  return [...files]
    .filter(([path]) => PAGE.test(path))
    .flatMap(([path, text]) =>
      [...text.replaceAll(/^```[\s\S]*?^```|`[^`\n]*`/gm, '').matchAll(/\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]*))?\)/g)]
        .filter(([, to = '', anchor]) => {
          const target = to === '' ? path : posix.join(posix.dirname(path), to).replace(/\/$/, '')
          const page = files.get(target)
          if (page === undefined) return !extra(target) || anchor !== undefined
          return anchor !== undefined && !anchorsOf(page).has(anchor)
        })
        .map(
          ([, to = '', anchor]) =>
            `${path} links to ${to}${anchor === undefined ? '' : `#${anchor}`}, which is not there`,
        ),
    )
}

/** Anchors of a page's headings: lower case, punctuation gone, spaces to hyphens. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map((match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** Pages below docs to which the README does not lead by itself, decisions left out: it leads to their folder. */
export function hiddenPages(files: Files): string[] {
  const readme = files.get('README.md') ?? ''
  return [...files.keys()]
    .filter((path) => /^docs\/[\w-]+\.md$/.test(path))
    .filter((path) => !readme.includes(`](${path})`) && !readme.includes(`](${path}#`))
    .map((path) => `the README does not lead to ${path}`)
}

/** True between two lines of three backticks. */
const inFence = (text: string, at: number): boolean => (text.slice(0, at).match(/^```/gm)?.length ?? 0) % 2 === 1

const code = (files: Files): [string, string][] => [...files].filter(([path]) => CODE.test(path))
