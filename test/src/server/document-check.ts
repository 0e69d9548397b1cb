import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import { openApiDocument } from '../../../src/server/openapi.ts'

type Described = {
  readonly responses: {
    readonly [status: string]: { readonly content?: { readonly [media: string]: { readonly schema?: object } } }
  }
}
const document = openApiDocument('test') as {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Described } }
}
const ajv = new Ajv2020({ strict: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } })
ajv.addSchema(document, 'api')

/** Holds an answer of a described call against the document: its status, its media type, its body. */
export async function expectDescribed(method: string, path: string, answer: Response): Promise<void> {
  const bare = path.split('?')[0] ?? ''
  const pattern = Object.keys(document.paths)
    .toSorted((a, b) => a.split('{').length - b.split('{').length)
    .find(
      (each) =>
        document.paths[each]?.[method.toLowerCase()] &&
        new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+').replace('.', '\\.')}$`).test(bare),
    )
  if (pattern === undefined) return
  const what = `${method} ${pattern} ${answer.status}`
  const described = document.paths[pattern]?.[method.toLowerCase()]?.responses[String(answer.status)]
  // What goes wrong before a call is reached is a problem of every call.
  const general = [400, 413, 415].includes(answer.status)
  expect(described !== undefined || general, `${what} is described`).toBe(true)
  const media = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
  if (described?.content === undefined) return
  expect(Object.keys(described.content), what).toContain(media)
  const schema = described.content[media]?.schema
  if (schema === undefined) return
  const check = ajv.compile({ ...schema, $ref: `api${(schema as { $ref: string }).$ref}` })
  expect(check(await answer.clone().json()), `${what}: ${ajv.errorsText(check.errors)}`).toBe(true)
}
