import { expect, test } from 'vitest'
import { faultOf, openStage } from '../../contracts/ocpp-stage.ts'

test.each([
  ['of which one version is spoken', { versions: ['ocpp1.6' as const] }],
  ['whose version is not known yet', {}],
])(
  'a start for a charge point %s that comes when berth has stopped ends at once: nobody waits for its deadline',
  async (_what, more) => {
    const { server } = await openStage([{ id: 'CP-1', ...more }])
    await server.close()
    const order = { chargePointId: 'CP-1', evse: 1, startId: 'start-1', idToken: 'TOKEN', withdrawn: () => false }
    const deadline = Date.now() + 60_000
    const begun = performance.now()
    expect(await faultOf(server.chargePoints.start({ ...order, deadline }))).toBe('CALL_CANCELLED')
    expect(performance.now() - begun).toBeLessThan(30_000)
  },
)
