import { auditCalls } from './audit-operations.ts'
import { cameraCalls } from './camera-operations.ts'
import { checkpointCalls } from './checkpoint-operations.ts'
import { commissioningCalls } from './commissioning-operations.ts'
import { designReportCalls } from './design-report-operations.ts'
import { doorCalls, driverSecretCalls } from './door-operations.ts'
import { driverCalls } from './driver-operations.ts'
import { erasureCalls } from './erasure-operations.ts'
import { figureCalls } from './figure-operations.ts'
import { frameCalls } from './frame-operations.ts'
import { lookCalls } from './look-operations.ts'
import { newsCalls } from './news-operations.ts'
import { notMeCalls } from './not-me-operations.ts'
import { ocpiCalls } from './ocpi-operations.ts'
import type { Operation } from './operation.ts'
import { intakeCalls, peopleCalls } from './people-operations.ts'
import { registerCalls } from './register-operations.ts'
import { replayCalls } from './replay-operations.ts'
import { reportCalls } from './report-operations.ts'
import { reviewCalls } from './review-operations.ts'
import { scenarioCalls } from './scenario-operations.ts'
import { bayCalls, siteCalls } from './site-operations.ts'
import { vehicleCalls } from './vehicle-operations.ts'
import { zoneCalls } from './zone-operations.ts'

const all = {
  ...siteCalls,
  ...bayCalls,
  ...registerCalls,
  ...vehicleCalls,
  ...reviewCalls,
  ...cameraCalls,
  ...zoneCalls,
  ...figureCalls,
  ...peopleCalls,
  ...replayCalls,
  ...auditCalls,
  ...reportCalls,
  ...scenarioCalls,
  ...designReportCalls,
  ...ocpiCalls,
  ...newsCalls,
  ...notMeCalls,
  ...erasureCalls,
  ...checkpointCalls,
  ...lookCalls,
  ...frameCalls,
  ...intakeCalls,
  ...driverCalls,
  ...doorCalls,
  ...commissioningCalls,
  ...driverSecretCalls,
}
export type OperationName = keyof typeof all

/** Every call of the API by name: the routes are made from it, and so is the OpenAPI document. */
export const OPERATIONS: { readonly [name in OperationName]: Operation } = all
