import { axis } from './axis.ts'
import type { CameraDialect } from './camera-dialect.ts'
import { dahua } from './dahua.ts'
import { dahuaItsapi } from './dahua-itsapi.ts'
import { hikvision } from './hikvision.ts'
import { milesight } from './milesight.ts'
import { plateRecognizer } from './plate-recognizer.ts'
import { rekor } from './rekor.ts'

/** Every dialect that a device may push, by its name. */
export const PUSH_DIALECTS: { readonly [name: string]: CameraDialect } = Object.fromEntries(
  [hikvision, dahua, dahuaItsapi, axis, milesight, plateRecognizer, rekor].map((dialect) => [dialect.name, dialect]),
)
