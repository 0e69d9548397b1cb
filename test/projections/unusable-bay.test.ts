import { expect, test } from 'vitest'
import { opened, pathOf } from '../../machines/step.ts'
import { viewOf } from '../../projections/view-of-bay.ts'

test('nobody is expected at a free bay that is out of service: a person puts it back', () => {
  const { context, value } = opened('bay-1')
  const expected = (service: 'in-service' | 'out-of-service') =>
    viewOf({
      bay: { ...context, service },
      ...pathOf(value),
      standing: null,
      timers: new Map(),
      alarms: [],
    }).next.expect
  expect(expected('in-service')).toBe('a vehicle arrives')
  expect(expected('out-of-service')).toBe('a person puts the bay back in service')
})
