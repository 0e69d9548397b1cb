import { expect, test } from 'vitest'
import { showDisplayMessage } from '../../../actors/ocpp/display-message.ts'
import type { DisplayOrder } from '../../../actors/ports.ts'
import { DISPLAY_VERSIONS, specifiedCalls, statusWords } from './display-schemas.ts'

const ORDER: DisplayOrder = {
  chargePointId: 'CP-1',
  evse: 2,
  message: 'plug-in',
  reason: 'authorized',
  language: 'de',
  text: 'Jetzt einstecken',
  deadline: 0,
  withdrawn: () => false,
}

type Sent = {
  readonly action: string
  readonly payload: {
    readonly id?: number
    readonly message?: { readonly id: number; readonly message: { readonly content: string } }
  }
}

/** What is sent for an order to a charge point that answers `status`, and what that means. */
async function sending(order: Partial<DisplayOrder>, status = 'Accepted') {
  const sent: Sent[] = []
  const answer = await showDisplayMessage({ ...ORDER, ...order }, async (action, payload) => {
    sent.push({ action, payload })
    return status
  })
  return { answer, sent }
}

for (const version of DISPLAY_VERSIONS) {
  test(`a text for a display is what ${version} takes, however long it is`, async () => {
    const check = specifiedCalls(version)
    for (const text of ['Jetzt einstecken', 'ä'.repeat(900), '🔌'.repeat(400), '']) {
      const { sent } = await sending({ text })
      expect(sent.map(({ action }) => action)).toEqual(['SetDisplayMessage'])
      expect(check('SetDisplayMessage', sent[0]?.payload ?? {})).toBeNull()
    }
    expect(check('SetDisplayMessage', { message: { id: 1 } })).not.toBeNull()
    const { sent } = await sending({ message: 'free' })
    expect(sent.map(({ action }) => action)).toEqual(['ClearDisplayMessage'])
    expect(check('ClearDisplayMessage', sent[0]?.payload ?? {})).toBeNull()
  })

  test(`every answer of ${version} is understood`, async () => {
    const words = statusWords(version)
    expect(words.length).toBeGreaterThan(4)
    for (const word of words)
      expect([word, (await sending({}, word)).answer]).toEqual([
        word,
        word === 'Accepted' ? 'shown' : /NotSupported/.test(word) ? 'unable' : 'rejected',
      ])
  })
}

test('a newer text of one EVSE takes the place of the older one, and never of another EVSE’s; a free bay clears its own', async () => {
  const idOf = async (evse: number) => (await sending({ evse })).sent[0]?.payload.message?.id
  expect(await idOf(1)).toBe(await idOf(1))
  expect(new Set(await Promise.all([1, 2, 3, 255].map(idOf))).size).toBe(4)
  const cleared = await sending({ message: 'free' }, 'Unknown')
  expect([cleared.answer, cleared.sent[0]?.payload]).toEqual(['shown', { id: await idOf(2) }])
})

test('a long text is cut at a whole character', async () => {
  const { sent } = await sending({ text: `${'x'.repeat(510)}🔌🔌` })
  expect(sent[0]?.payload.message?.message.content).toBe(`${'x'.repeat(510)}…`)
})
