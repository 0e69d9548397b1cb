import { expect, test } from 'vitest'
import { billOfWhatRuns, lacking } from './runtime-parts.ts'

test('the bill of materials holds what berth runs with, also where tests use it too, and nothing that only tests use', () => {
  const refs = ['ws@8.0.0', 'mqtt@5.0.0', 'debug@4.0.0', 'vitest@5.0.0', 'vite@8.0.0']
  const whole = {
    bomFormat: 'CycloneDX',
    components: refs.map((ref) => ({ 'bom-ref': ref })),
    dependencies: [
      { ref: 'berth@0.1.0', dependsOn: ['ws@8.0.0', 'mqtt@5.0.0', 'vitest@5.0.0'] },
      { ref: 'ws@8.0.0' },
      { ref: 'mqtt@5.0.0', dependsOn: ['debug@4.0.0', 'ws@8.0.0'] },
      { ref: 'debug@4.0.0' },
      { ref: 'vitest@5.0.0', dependsOn: ['vite@8.0.0', 'ws@8.0.0'] },
      { ref: 'vite@8.0.0' },
    ],
  }
  const bill = billOfWhatRuns(whole, 'berth', ['ws', 'mqtt'])
  expect(bill['bomFormat']).toBe('CycloneDX')
  expect(bill.components.map((one) => one['bom-ref'])).toEqual(['ws@8.0.0', 'mqtt@5.0.0', 'debug@4.0.0'])
  expect(bill.dependencies[0]).toEqual({ ref: 'berth@0.1.0', dependsOn: ['ws@8.0.0', 'mqtt@5.0.0'] })
  expect(bill.dependencies).toHaveLength(4)
  expect(lacking(bill, ['ws', 'mqtt'])).toEqual([])
  expect(lacking(bill, ['ws', 'xstate'])).toEqual(['xstate'])
})
