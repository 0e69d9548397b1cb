import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { showDisplayMessage } from '../../actors/ocpp/display-message.ts'
import type { ChargePointDisplays } from '../../actors/ports.ts'
import { Fault } from '../../machines/faults.ts'
import { systemClock } from '../../src/clock.ts'
import { DisplaySign } from '../../src/driver/display-sign.ts'
import { WebhookSign } from '../../src/driver/webhook-sign.ts'
import { specifiedCalls } from '../actors/ocpp/display-schemas.ts'
import { driverSignsContract, type SignStage } from './driver-signs-contract.ts'
import { openRaw, openStage, QUICK_PROFILE, type RawSocket, soon } from './ocpp-stage.ts'

type Posted = { bayId: string; message: string; words: { en: { short: string } } }

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += String(part)
  return text
}

/** A sign behind a real HTTP server. */
async function openWebhookStage(): Promise<SignStage> {
  const posted: Posted[] = []
  let status = 204
  const hear = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await bodyOf(request)) as Posted
    if (status === 204) posted.push(body)
    response.writeHead(status).end()
  }
  const open = (port: number): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((request, response) => void hear(request, response))
      server.listen(port, '127.0.0.1', () => resolve(server))
    })
  const shut = (server: Server): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  let server = await open(0)
  const { port } = server.address() as AddressInfo
  onTestFinished(() => shut(server))
  return {
    sign: new WebhookSign({
      url: `http://127.0.0.1:${port}/words`,
      secret: null,
      bays: ['bay-1', 'bay-2'],
      place: 0,
      siteId: 'depot',
    }),
    shown: () => posted.map(({ bayId, message, words }) => ({ bayId, message, text: words.en.short })),
    away: async (gone) => {
      await shut(server)
      if (!gone) server = await open(port)
    },
    refuses: () => {
      status = 403
    },
  }
}

type DataTransfer = { vendorId: string; messageId: string; data: string }

/** Displays of a charge point behind a real WebSocket that speaks OCPP 1.6. */
async function openDisplayStage(): Promise<SignStage> {
  const profile = {
    ...QUICK_PROFILE,
    tellBy: { kind: 'data-transfer', vendorId: 'org.sign', messageId: 'Show' } as const,
  }
  const stage = await openStage([{ id: 'CP-1', profile, evses: [1, 2] }])
  const shown: { bayId: string; message: string; text: string }[] = []
  let status = 'Accepted'
  const connect = async (): Promise<RawSocket> => {
    const raw = await openRaw(stage)
    raw.socket.on('message', (bytes) => {
      const [kind, id, action, payload] = JSON.parse(bytes.toString()) as [number, string, string, DataTransfer]
      if (kind !== 2) return
      if (action !== 'DataTransfer') return raw.send([4, id, 'NotImplemented', '', {}])
      const { connectorId, message, text } = JSON.parse(payload.data) as {
        connectorId: number
        message: string
        text: string
      }
      if (status === 'Accepted') shown.push({ bayId: `bay-${connectorId}`, message, text })
      raw.send([3, id, { status }])
    })
    await raw.call('hello', 'Heartbeat', {})
    return raw
  }
  let raw = await connect()
  return {
    sign: new DisplaySign({
      chargePointId: 'CP-1',
      connectors: [1, 2].map((evse) => ({ bayId: `bay-${evse}`, evse, shared: false })),
      language: 'en',
      displays: stage.server.displays,
      clock: systemClock,
    }),
    shown: () => shown,
    away: async (gone) => {
      if (!gone) {
        raw = await connect()
        return
      }
      raw.socket.close()
      await soon(() => !stage.server.chargePoints.online('CP-1'))
    },
    refuses: () => {
      status = 'UnknownVendorId'
    },
  }
}

/** Displays told in the words of OCPP 2.x. There is no 2.x dialect yet: a charge point at arm's length hears the calls, each held against the specification. */
async function openDisplayMessageStage(): Promise<SignStage> {
  const check = specifiedCalls('OCPP 2.0.1')
  const shown: { bayId: string; message: string; text: string }[] = []
  let gone = false
  let status = 'Accepted'
  const displays: ChargePointDisplays = {
    show: (order) =>
      showDisplayMessage(order, async (action, payload) => {
        if (gone) throw new Fault('CHARGE_POINT_OFFLINE')
        const wrong = check(action, payload)
        if (wrong !== null) throw new Error(wrong)
        if (status === 'Accepted') shown.push({ bayId: `bay-${order.evse}`, message: order.message, text: order.text })
        return status
      }),
  }
  return {
    sign: new DisplaySign({
      chargePointId: 'CP-1',
      connectors: [1, 2].map((evse) => ({ bayId: `bay-${evse}`, evse, shared: false })),
      language: 'en',
      displays,
      clock: systemClock,
    }),
    shown: () => shown,
    away: async (now) => {
      gone = now
    },
    refuses: () => {
      status = 'NotSupportedPriority'
    },
  }
}

driverSignsContract('a webhook', openWebhookStage)
driverSignsContract('a display told by DataTransfer', openDisplayStage)
driverSignsContract('a display told by SetDisplayMessage', openDisplayMessageStage)
