import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

const FOLDER = new URL('../inspector/page/', import.meta.url)
const TYPES: { readonly [ending: string]: string } = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** The inspector's page, held in memory: its few files by name, and a name for this very build. */
export type PageFiles = { readonly buildId: string; readonly routes: (app: FastifyInstance) => void }

/** Reads the page's files once. What is served is what lies in the repository: nothing is built in between. */
export function openPageFiles(): PageFiles {
  const names = readdirSync(FOLDER)
    .filter((name) => TYPES[endingOf(name)] !== undefined)
    .toSorted()
  const files = names.map((name) => ({ name, bytes: readFileSync(new URL(name, FOLDER)) }))
  const hash = createHash('sha256')
  for (const { name, bytes } of files) hash.update(`${name}\n${bytes.length}\n`).update(bytes)
  const buildId = hash.digest('hex').slice(0, 12)
  const routes = (app: FastifyInstance) => {
    for (const { name, bytes } of files) {
      const url = name === 'index.html' ? '/' : name === 'login.html' ? '/login' : `/page/${name}`
      const tag = `"${buildId}"`
      app.get(url, { logLevel: 'silent' }, async (request, reply) => {
        reply.header('cache-control', 'no-cache').header('etag', tag)
        if (request.headers['if-none-match'] === tag) return reply.code(304).send()
        return reply.type(TYPES[endingOf(name)] ?? '').send(bytes)
      })
    }
  }
  return { buildId, routes }
}

const endingOf = (name: string) => name.slice(name.lastIndexOf('.') + 1)
