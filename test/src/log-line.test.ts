import { expect, test } from 'vitest'
import { logLine } from '../../src/log-line.ts'

test('what others sent stands in one line of the log: it forges none, moves no terminal, and turns no text', () => {
  const at = Date.parse('2026-11-23T10:00:00.000Z')
  const sent = 'runs as evil\r\n2026-11-23T10:00:01.000Z  admin signed in.\u001b[2J\u009b1A\u2028\u202etxt'
  const line = logLine(at, `depot: it ${sent}; mend it.`)
  expect(line).toBe(
    '2026-11-23T10:00:00.000Z  depot: it runs as evil 2026-11-23T10:00:01.000Z  admin signed in. [2J 1A txt; mend it.\n',
  )
  expect(logLine(at, 'Plätze · “Süd” – 5 °C 🚗')).toBe('2026-11-23T10:00:00.000Z  Plätze · “Süd” – 5 °C 🚗\n')
})
