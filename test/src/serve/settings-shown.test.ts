import { expect, it } from 'vitest'
import { serveSite, until, writeSite } from './serving-line.ts'

it('settings that a charge point accepts and does not keep are an alarm of its own, until it keeps them after a boot', {
  timeout: 60_000,
}, async () => {
  const serving = await serveSite(await writeSite(1))
  const alarms = async (): Promise<readonly { readonly alarmId: string; readonly says: string }[]> =>
    (await serving.ask('GET', '/api/alarms')).body.items.filter((one: { type: string }) => one.type === 'settings')
  const ignoring = serving.charge(1, { habits: { ignoresConfiguration: true } })
  await until(async () => (await alarms()).length > 0)
  expect(await alarms()).toMatchObject([
    {
      alarmId: 'CP-1/settings',
      says: expect.stringMatching(/^CP-1 accepted .*MeterValueSampleInterval \(asked 10, kept 0\.5\)/),
    },
  ])
  await ignoring.close()
  serving.charge(1)
  await until(async () => (await alarms()).length === 0)
})
