import { describe, expect, it } from 'vitest'
import { openRaw, openStage, soon } from '../../contracts/ocpp-stage.ts'

describe('a station', () => {
  it('that has variables for who may charge is set, and one that it does not keep is told', async () => {
    const stage = await openStage([{ id: 'CP-1', evses: [] }])
    const raw = await openRaw(stage, 'CP-1', ['ocpp2.0.1'])
    const kept = new Map([
      ['AuthCtrlr.AuthorizeRemoteStart', 'false'],
      ['AuthCtrlr.OfflineTxForUnknownIdEnabled', 'true'],
      ['TxCtrlr.StopTxOnInvalidId', 'true'],
    ])
    type Asked = { readonly component: { name: string }; readonly variable: { name: string }; attributeValue?: string }
    raw.socket.on('message', (data) => {
      const [type, id, action, fields] = JSON.parse(data.toString())
      if (type !== 2) return
      const answers = ((fields.setVariableData ?? fields.getVariableData ?? []) as Asked[]).map((one) => {
        const name = `${one.component.name}.${one.variable.name}`
        const { component, variable, attributeValue } = one
        if (attributeValue !== undefined && !name.includes('Offline')) kept.set(name, attributeValue)
        const has = kept.get(name)
        const status = { attributeStatus: has === undefined && !attributeValue ? 'UnknownVariable' : 'Accepted' }
        return { component, variable, ...status, ...(fields.getVariableData && has ? { attributeValue: has } : {}) }
      })
      raw.send([
        3,
        id,
        action === 'SetVariables'
          ? { setVariableResult: answers }
          : action === 'GetVariables'
            ? { getVariableResult: answers }
            : { status: 'Accepted' },
      ])
    })
    await raw.call('b', 'BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } })
    await soon(() => stage.settled.length === 1)
    expect(stage.settled).toEqual([['AuthCtrlr.OfflineTxForUnknownIdEnabled (asked false, kept true)']])
    expect(kept.get('AuthCtrlr.AuthorizeRemoteStart')).toBe('true')
  })
})
