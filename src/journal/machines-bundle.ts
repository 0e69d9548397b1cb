import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../machines/faults.ts'
import { withoutTypes } from '../browser-script.ts'
import { sha256 } from './chain.ts'

/** The machines room and XState as one text; `name` is its SHA-256. Evaluated, it answers `relivedTexts` of machines/relived.ts. */
export type MachinesBundle = { readonly name: string; readonly source: string }

const ROOM = fileURLToPath(new URL('../../machines', import.meta.url))
const ENTRY = 'relived.ts'

/** A module's name and its text as a function body of `exports` and `require`. */
type Part = { readonly name: string; readonly body: string }

let own: MachinesBundle | null = null

/**
 * Hash of everything that this berth's own bundle is made of: where it is as before, so is the bundle, which takes some hundred ms to
 * make.
 */
export function ownInputs(): string {
  const texts = [process.version, readFileSync(fileURLToPath(import.meta.url), 'utf8')]
  for (const { file, text } of roomFiles(ROOM)) texts.push(file, text)
  for (const { name, body } of xstateParts()) texts.push(name, body)
  return sha256(JSON.stringify(texts))
}

/** The machines of this very berth, bundled once a process. */
export function ownMachines(): MachinesBundle {
  own ??= bundleMachines(ROOM)
  return own
}

/**
 * Bundles a machines room: the same files give the same bytes. Types become white space, so that lines and columns are those of the
 * files. Throws Fault STORE_UNWRITABLE where a file is written in a way that cannot be bundled.
 */
export function bundleMachines(room: string): MachinesBundle {
  const parts = [
    ...xstateParts(),
    ...roomFiles(room).map(({ file, text }) => ({ name: `./${file}`, body: roomModule(file, text) })),
  ]
  const source = bundleOf(parts)
  return { name: sha256(source), source }
}

/** How a bundle ends: with what it answers. */
const ANSWER = /return require\('\.\/[\w-]+\.ts'\)\.\w+;\n\}\)\(\)\s*$/

/**
 * A bundle with one more file of today among its modules, which answers `entry` in the place of what it answered. The file imports from
 * the machines room alone. Throws Fault STORE_CORRUPT where the text is no bundle.
 */
export function withEntry(source: string, path: string, entry: string): string {
  if (!ANSWER.test(source))
    throw new Fault('STORE_CORRUPT', {}, { says: 'This is no bundle of machines; name one that berth kept.' })
  const name = basename(path)
  const body = roomModule(name, readFileSync(path, 'utf8').replaceAll("'../machines/", "'./"))
  const added = `modules['./${name}'] = function (exports, require) {${body}\n};`
  return source.replace(ANSWER, () => `${added}\nreturn require('./${name}').${entry};\n})()\n`)
}

const roomFiles = (room: string): { readonly file: string; readonly text: string }[] =>
  readdirSync(room)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(room, file), 'utf8') }))

function bundleOf(parts: readonly Part[]): string {
  const modules = parts.map(({ name, body }) => `${JSON.stringify(name)}(exports, require) {${body}\n}`)
  return [
    "'use strict';",
    '(() => {',
    `const modules = {\n${modules.join(',\n')}\n};`,
    'const loaded = {};',
    'const require = (name) => {',
    '  if (!(name in loaded)) { loaded[name] = {}; modules[name](loaded[name], require); }',
    '  return loaded[name];',
    '};',
    `return require('./${ENTRY}').relivedTexts;`,
    '})()',
    '',
  ].join('\n')
}

const IMPORT = /^[ \t]*import\s*\{([^}]*)\}\s*from\s*'([^']+)'/gm
const EXPORT = /^([ \t]*)export (?=(?:async )?(?:function\*?|class|const|let) ([\w$]+))/gm
const LEFT_OVER = /^[ \t]*(?:import|export)\b/m

/** One file of the room: its imports and exports as calls of `require` and assignments. */
function roomModule(file: string, text: string): string {
  const names: string[] = []
  const body = withoutTypes(text)
    .replace(IMPORT, (_all, list: string, from: string) => {
      return `const {${list.replace(/\bas\b/g, ':')}} = require('${from}')`
    })
    .replace(EXPORT, (_all, space: string, name: string) => {
      names.push(name)
      return space
    })
  if (LEFT_OVER.test(body)) {
    const says = `machines/${file} imports or exports in a way that cannot be bundled; write \`import { … } from\` and \`export\` before each declaration.`
    throw new Fault('STORE_UNWRITABLE', { file }, { says })
  }
  return `${body}\n${names.map((name) => `exports.${name} = ${name};`).join(' ')}`
}

/** XState as it is installed, with what it requires. */
function xstateParts(): Part[] {
  const entry = createRequire(import.meta.url).resolve('xstate')
  const folder = dirname(entry)
  const known = new Map<string, Part>()
  const add = (file: string, name: string): void => {
    if (known.has(file)) return
    const text = readFileSync(join(folder, file), 'utf8').replace(/^\/\/# sourceMappingURL.*$/gm, '')
    const needed = [...text.matchAll(/require\('\.\/([\w.-]+)'\)/g)].map((match) => match[1] as string)
    const body = text.replace(/require\('\.\/([\w.-]+)'\)/g, (_all, other: string) => `require('xstate/${other}')`)
    known.set(file, { name, body })
    for (const other of needed) add(other, `xstate/${other}`)
  }
  add(basename(entry), 'xstate')
  return [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
