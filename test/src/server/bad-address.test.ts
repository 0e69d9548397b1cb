import { expect, onTestFinished, test } from 'vitest'
import { answerProblems } from '../../../src/server/answers.ts'
import { patientApp } from '../../../src/server/listener.ts'

test('an address that is none is answered as problem details by every server, with the headers of every answer', async () => {
  const app = patientApp(null, { bodyLimit: 4096 })
  onTestFinished(() => app.close())
  answerProblems(app, console)
  app.get('/api/reviews/:site/crops', () => ({}))
  for (const [url, status] of [
    ['/api/reviews/%ff/crops', 400],
    ['/api/reviews/%ed%a0%80/crops', 400],
    [`/api/reviews/${'a'.repeat(10_000)}/crops`, 414],
  ] as const) {
    const answer = await app.inject({ url })
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['x-content-type-options']]).toEqual([
      ...[status, expect.stringContaining('application/problem+json'), 'nosniff'],
    ])
    expect(answer.json()).toMatchObject({ status, code: expect.stringMatching(/^[A-Z_]+$/) })
    expect(answer.body.length).toBeLessThan(1_000)
  }
})
