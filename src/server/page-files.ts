import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { browserScript } from '../browser-script.ts'

const FOLDER = new URL('../inspector/page/', import.meta.url)
const TYPES: { readonly [ending: string]: string } = {
  html: 'text/html; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}
/** Documents by their addresses; all else lies below the name of the build. */
const DOCUMENTS: { readonly [name: string]: string } = { 'index.html': '/', 'login.html': '/login' }
const FOR_EVER = 'public, max-age=31536000, immutable'

/** Packages that modules of the page may import by name, and the name under which each lies beside them. */
const CARRIED: { readonly [name: string]: string } = { uplot: 'uplot.js' }

/** What lies beside the page's own files, out of packages: uPlot in its small form, which says its name to nobody, as a module. */
function carriedTexts(): readonly (readonly [name: string, text: string])[] {
  const folder = dirname(createRequire(import.meta.url).resolve('uplot'))
  const text = (file: string) => readFileSync(join(folder, file), 'utf8')
  return [
    ['uplot.css', text('uPlot.min.css')],
    ['uplot.js', `${text('uPlot.iife.min.js')}\nexport default uPlot\n`],
  ]
}

/** One file as it is sent. */
export type PageFile = {
  /** Its address: `/page/0123456789ab/main.js`. */
  readonly url: string
  readonly type: string
  readonly body: Buffer
  readonly zipped: Buffer
}

/** The inspector's page, held in memory: its files, and a name for this very build. */
export type PageFiles = {
  readonly buildId: string
  /** Every file by its name in the repository. Throws where one imports what browsers cannot have. */
  readonly files: () => ReadonlyMap<string, PageFile>
  /** A sentence where a file cannot be made, so that nobody gets the page; null where all can. Makes those that are not made yet. */
  readonly trouble: () => string | null
  /** Makes the files one by one between other work, and then says what `trouble` says, where it says something. */
  readonly warm: (troubled: (sentence: string) => void) => void
  readonly routes: (app: FastifyInstance) => void
}

let opened: PageFiles | null = null

/** Reads the page's files once a process. What is served is what lies in the repository: types are taken off at the first call, nothing else is built. */
export function openPageFiles(): PageFiles {
  opened ??= openPageFolder(FOLDER)
  return opened
}

/** The same of another folder. */
export function openPageFolder(folder: URL): PageFiles {
  const own = readdirSync(folder)
    .filter((name) => TYPES[endingOf(name)] !== undefined)
    .toSorted()
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const)
  const texts = new Map([...own, ...carriedTexts()])
  const names = [...texts.keys()]
  const hash = createHash('sha256').update(process.version)
  for (const [name, text] of texts) hash.update(`${name}\n${text.length}\n${text}`)
  const buildId = hash.digest('hex').slice(0, 12)
  const { files, trouble, warm } = madeOnce(names, (name) => fileOf(name, texts, buildId))
  const routes = (app: FastifyInstance) => {
    for (const name of names) {
      const send = (request: FastifyRequest, reply: FastifyReply) => sendFile(request, reply, files().get(name), name)
      app.get(addressOf(name, buildId), { logLevel: 'silent' }, async (request, reply) => send(request, reply))
    }
  }
  return { buildId, files, trouble, warm, routes }
}

/** Makes each file once, at the first need: at the start that would take longer than all the rest of a server. */
function madeOnce(names: readonly string[], make: (name: string) => PageFile) {
  const made = new Map<string, PageFile>()
  let wrong: Error | null = null
  /** The next one; false when all are made. */
  const makeNext = (): boolean => {
    if (wrong !== null) throw wrong
    const name = names[made.size]
    if (name === undefined) return false
    try {
      made.set(name, make(name))
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      wrong = new Error(`The inspector's page cannot be made, and nobody gets it: ${name}: ${why}`, { cause })
      throw wrong
    }
    return true
  }
  const files = (): ReadonlyMap<string, PageFile> => {
    while (makeNext());
    return made
  }
  const trouble = (): string | null => {
    try {
      files()
    } catch (error) {
      return (error as Error).message
    }
    return null
  }
  const warm = (troubled: (sentence: string) => void): void => {
    const step = (): void => {
      try {
        if (makeNext()) setImmediate(step)
      } catch (error) {
        troubled((error as Error).message)
      }
    }
    setImmediate(step)
  }
  return { files, trouble, warm }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile | undefined, name: string) {
  if (file === undefined) return reply.callNotFound()
  const tag = `"${createHash('sha256').update(file.body).digest('hex').slice(0, 16)}"`
  // A document names the build of all the others: it is asked for each time, they never again.
  reply.header('cache-control', DOCUMENTS[name] === undefined ? FOR_EVER : 'no-cache')
  reply.header('etag', tag).header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === tag) return reply.code(304).send()
  reply.type(file.type)
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return reply.send(file.body)
  return reply.header('content-encoding', 'gzip').send(file.zipped)
}

const addressOf = (name: string, buildId: string): string =>
  DOCUMENTS[name] ?? `/page/${buildId}/${name.replace(/\.ts$/, '.js')}`

function fileOf(name: string, texts: ReadonlyMap<string, string>, buildId: string): PageFile {
  const text = texts.get(name) ?? ''
  const made = name.endsWith('.html')
    ? withAddresses(text, texts, buildId)
    : name.endsWith('.ts')
      ? scriptOf(name, text, texts)
      : text
  const body = Buffer.from(made)
  return {
    url: addressOf(name, buildId),
    type: TYPES[endingOf(name)] ?? '',
    body,
    zipped: gzipSync(body, { level: 9 }),
  }
}

/** `import … from './dom.ts'` and `import('./audit.ts')`: what is written in a module of the page, and its neighbours' names in it. */
const IMPORT = /(^import\b[^'"()]*|\bimport\()(['"])([^'"]+)\2/gm
const STATIC = /^import\b(?! type)[^'"()]*['"]\.\/([^'"]+\.ts)['"]/gm

function scriptOf(name: string, text: string, texts: ReadonlyMap<string, string>): string {
  return browserScript(text).replace(IMPORT, (_all, before: string, quote: string, from: string) => {
    const carried = CARRIED[from]
    if (carried !== undefined) return `${before}${quote}./${carried}${quote}`
    if (!from.startsWith('./') || !texts.has(from.slice(2)))
      throw new Error(`${name} imports ${from}: a module of the page imports its neighbours only, and types of others.`)
    return `${before}${quote}${from.replace(/\.ts$/, '.js')}${quote}`
  })
}

/** Every module that this one needs before it can begin, itself first. */
export function neededBy(name: string, texts: ReadonlyMap<string, string>): readonly string[] {
  const needed = new Set([name])
  for (const one of needed) for (const [, other = ''] of (texts.get(one) ?? '').matchAll(STATIC)) needed.add(other)
  return [...needed]
}

/** A document with the addresses of this build, and all scripts asked for at once instead of one after another. */
function withAddresses(html: string, texts: ReadonlyMap<string, string>, buildId: string): string {
  const [, script = ''] = /src="\.\/([\w-]+\.ts)"/.exec(html) ?? []
  const preload = neededBy(script, texts)
    .slice(1)
    .map((name) => `    <link rel="modulepreload" href="${addressOf(name, buildId)}">\n`)
  return html
    .replace(
      /(href|src)="\.\/([\w.-]+)"/g,
      (_all, field: string, name: string) => `${field}="${addressOf(name, buildId)}"`,
    )
    .replace('  </head>', `${preload.join('')}  </head>`)
}

const endingOf = (name: string) => name.slice(name.lastIndexOf('.') + 1)
