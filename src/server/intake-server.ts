import { answerProblems, type ServerLog } from './answers.ts'
import { cameraIntake, type IntakeParts } from './camera-intake.ts'
import { type HttpServer, type ListenAt, listenOn, patientApp } from './listener.ts'

/** A running intake; `counts` gives its counters. */
export type IntakeServer = HttpServer & { readonly counts: () => { readonly [name: string]: number } }

/**
 * A listener for cameras and nothing else, for a network of their own: no API, no inspector stands behind it, so it may listen beyond
 * loopback without a token of the API. Rejects with the listener's own error when the port is taken.
 */
export async function openIntakeServer(
  parts: IntakeParts & { readonly at: ListenAt; readonly log: ServerLog },
): Promise<IntakeServer> {
  const { at, log } = parts
  const app = patientApp(at.tls, { bodyLimit: 1024, routerOptions: { maxParamLength: 500 } })
  answerProblems(app, log)
  const counts = cameraIntake(app, { broken: (sentence) => log.warn(sentence), ...parts })
  return { ...(await listenOn(app, at, (says) => log.warn(says))), counts }
}
