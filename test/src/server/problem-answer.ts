import { expect } from 'vitest'

/** The problem details of an answer, whose media type is that of problems. */
export const problemOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  return (await answer.json()) as {
    code: string
    status: number
    detail: string
    bay?: { version: number }
    refused?: unknown[]
  }
}
